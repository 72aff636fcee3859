/** `GET /api/v1/runs/{id}/search`: what matches in the whole history, told while it is looked for. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { SearchReport } from '../../core/search/search.ts'
import { limits } from '../../shared/limits.ts'
import type { SearchRecord } from '../../shared/protocol/search.ts'
import { searchFields, toSearchQuery } from '../../shared/search-query.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'
import { countParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'
import { wireLines } from './wire-lines.ts'

const query = z.strictObject({
  ...searchFields,
  order: z.enum(['forward', 'backward']).default('forward').describe('from which end'),
  limit: countParam(0, limits.pageLinesMax)
    .default(limits.pageLinesMax)
    .describe('lines that are given; all that match are counted'),
})

const recordsSchema: z.ZodType<string | Readable> = z.string()

export function searchRun(app: App, { search }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/search',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Search in a run',
      description: `JSON by lines: a \`span\` for each part that was looked through, with its count and lines, then \`end\`. After ${limits.searchMs / 1_000} s it ends with what it has and says so; it is gone on with by \`from\`, or \`to\` going back.`,
      params: runParams,
      querystring: query,
      response: {
        200: {
          description: 'the records',
          content: { 'application/x-ndjson': { schema: recordsSchema } },
        },
        ...refusals,
      },
    },
    handler: async ({ params, query: { order, limit, ...fields } }, reply) => {
      const ask = { run: runIdOf(params.id), query: toSearchQuery(fields), order, limit }
      const reports = search.search(ask, closeSignal(reply))
      // What is refused is refused before the answer begins.
      const first = await reports.next()
      const records = Readable.from(recordsOf(first, reports), { objectMode: false })
      // A proxy that gathers the answer would hold back the hits.
      return reply.header('x-accel-buffering', 'no').type('application/x-ndjson').send(records)
    },
  })
}

async function* recordsOf(
  first: IteratorResult<SearchReport>,
  rest: AsyncGenerator<SearchReport>,
): AsyncGenerator<string> {
  try {
    for (let item = first; item.done !== true; item = await rest.next()) {
      yield `${JSON.stringify(recordOf(item.value))}\n`
    }
  } finally {
    await rest.return(undefined)
  }
}

function recordOf(report: SearchReport): SearchRecord {
  if (report.kind === 'end') return report
  const { kind, from, to, time, count, groups } = report
  return { kind, from, to, time: new Date(time).toISOString(), count, lines: wireLines(groups) }
}
