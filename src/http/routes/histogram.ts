/** `GET /api/v1/runs/{id}/histogram`: how many lines came when, by channel and level. */
import { z } from 'zod'
import { limits } from '../../shared/limits.ts'
import type { HistogramAnswer } from '../../shared/protocol/search.ts'
import { searchFields, toSearchQuery } from '../../shared/search-query.ts'
import { histogramSchema, refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'
import { countParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'

const query = z.strictObject({
  ...searchFields,
  by: z.enum(['time', 'pos']).default('time').describe('what the intervals are of'),
  buckets: countParam(1, limits.histogramBucketsMax).default(120).describe('number of intervals'),
  levels: z.enum(['true', 'false']).default('false').describe('count levels too, which is slower'),
})

export function histogram(app: App, { search }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/histogram',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Count lines by time or position',
      description:
        'Lines that match, in intervals of equal length from the start of the run to its end, or to now. Lines that came at other times count to the nearest one.',
      params: runParams,
      querystring: query,
      response: { 200: histogramSchema, ...refusals },
    },
    handler: async ({ params, query: asked }, reply): Promise<HistogramAnswer> => {
      const { by, buckets: size, levels, ...fields } = asked
      const run = runIdOf(params.id)
      const wanted = { run, query: toSearchQuery(fields), by, buckets: size }
      const found = await search.histogram(
        { ...wanted, withLevels: levels === 'true' },
        closeSignal(reply),
      )
      const { axis, count, next, stopped } = found
      const buckets = found.buckets.map(({ index, pos, channels, levels: byLevel }) => {
        return { index, pos, ...channels, levels: byLevel }
      })
      return { run, by, from: axis.from, to: axis.to, size, buckets, count, next, stopped }
    },
  })
}
