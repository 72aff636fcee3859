/** `GET /api/v1/runs/{id}/lines`: a page of lines by position, of all lines or of those that match. */
import { z } from 'zod'
import type { RunService } from '../../core/runs/run-service.ts'
import { limits } from '../../shared/limits.ts'
import type { LinesPage, WireLine } from '../../shared/protocol/events.ts'
import { searchFields, toSearchQuery } from '../../shared/search-query.ts'
import { linesPageSchema, refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'
import { countParam, fromParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'
import { pushLines, wireLines } from './wire-lines.ts'

const query = z.strictObject({
  ...searchFields,
  from: fromParam,
  limit: countParam(1, limits.pageLinesMax).default(limits.pageLinesMax),
  skip: countParam(0, 9_999_999_999).optional().describe('so many matching lines are passed over'),
})
type Query = z.infer<typeof query>

export function readLines(app: App, { service, search }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/lines',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Read a page of lines',
      description:
        'Lines from the cursor on, at most `limit` and about 1 MiB. `next` is the cursor of the next page; an empty page means that there is nothing after it yet. With any of the other fields only lines that match are given.',
      params: runParams,
      querystring: query,
      response: { 200: linesPageSchema, ...refusals },
    },
    handler: async ({ params, query: wanted }, reply): Promise<LinesPage> => {
      const run = runIdOf(params.id)
      const { from, limit, skip = 0, ...fields } = wanted
      const bytesMax = limits.pageBytesMax
      if (isPlain(wanted)) return pageOf(service, run, { from, limit, bytesMax })
      const ask = { run, query: { ...toSearchQuery({ ...fields, from }) }, skip, limit }
      const { groups, next, stopped } = await search.page(ask, closeSignal(reply))
      return { run, from, next, lines: wireLines(groups), ...(stopped !== null && { stopped }) }
    },
  })
}

/** Whether it asks for lines as they come, and nothing else. */
function isPlain({ from: _from, limit: _limit, ...fields }: Query): boolean {
  return Object.values(fields).every((value) => value === undefined)
}

export interface PageAsk {
  readonly from: number
  readonly limit: number
  readonly bytesMax: number
}

/** Lines from the cursor on, as they come. */
export async function pageOf(
  service: RunService,
  run: string,
  { from, limit, bytesMax }: PageAsk,
): Promise<LinesPage> {
  const lines: WireLine[] = []
  let next = from
  let bytes = 0
  while (lines.length < limit && bytes < bytesMax) {
    const groups = await service.read(run, next, bytesMax - bytes)
    if (groups.length === 0) break
    for (const group of groups) {
      next = pushLines(lines, group, limit)
      bytes += group.bytes.length
      if (lines.length >= limit) break
    }
  }
  return { run, from, next, lines }
}
