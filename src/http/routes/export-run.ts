/** `GET /api/v1/runs/{id}/export`: lines as a file, all of them or those that match. */
import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import type { Search } from '../../core/search/search.ts'
import { AppError } from '../../shared/errors.ts'
import { exportLine, type LineFormat, lineFormats } from '../../shared/export-line.ts'
import { limits } from '../../shared/limits.ts'
import { type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import type { Run } from '../../shared/run.ts'
import { type SearchQuery, searchFields, toSearchQuery } from '../../shared/search-query.ts'
import { isoTime } from '../../shared/time.ts'
import { refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { closeSignal } from './close-signal.ts'
import { runIdOf, runParams } from './run-id.ts'

const query = z.strictObject({
  ...searchFields,
  format: z
    .enum(lineFormats)
    .default('text')
    .describe('`TIME HOST TEXT` without colours, or one JSON object for each line'),
  gzip: z.enum(['true', 'false']).default('false').describe('compressed'),
})
const fileSchema: z.ZodType<string | Readable> = z.string()

const types: Readonly<Record<LineFormat, string>> = {
  text: 'text/plain; charset=utf-8',
  ndjson: 'application/x-ndjson',
}

export function exportRun(app: App, { service, search }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/export',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Download lines as text or JSON lines',
      description:
        'What is stored at the time of the request, with the notes of Farglass; with the fields of a search only lines that match. The exact bytes are at `raw`.',
      params: runParams,
      querystring: query,
      response: {
        200: {
          description: 'the lines',
          content: {
            'text/plain': { schema: fileSchema },
            'application/x-ndjson': { schema: fileSchema },
            'application/gzip': { schema: fileSchema },
          },
        },
        ...refusals,
      },
    },
    handler: async (request, reply) => {
      const { format, gzip, ...fields } = request.query
      const run = await service.get(runIdOf(request.params.id))
      const asked = toSearchQuery(fields)
      const wanted = { ...asked, to: Math.min(asked.to, run.next) }
      const isPacked = gzip === 'true'
      const name = `${run.id}.${format === 'text' ? 'txt' : 'ndjson'}${isPacked ? '.gz' : ''}`
      reply.headers({
        'content-disposition': `attachment; filename="${name}"`,
        'content-security-policy': "sandbox; default-src 'none'",
      })
      const lines = linesOf(search, { run, wanted, format }, closeSignal(reply))
      // Pulled by the socket: nothing is read from the store before there is room for it.
      const text = Readable.from(lines, { objectMode: false })
      reply.type(isPacked ? 'application/gzip' : types[format])
      // A failure breaks the download off, so that a part is not taken for the whole.
      return reply.send(isPacked ? pipeline(text, createGzip(), () => {}) : text)
    },
  })
}

interface Wanted {
  readonly run: Run
  readonly wanted: SearchQuery
  readonly format: LineFormat
}

/** A search that gets no further than before rejects with the reason. */
async function* linesOf(
  search: Search,
  { run, wanted, format }: Wanted,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const hosts = new Map(run.tasks.map(({ id, host }) => [id, host]))
  for (let from = Math.max(wanted.from, run.first); from < wanted.to && !signal.aborted; ) {
    const ask = { run: run.id, query: { ...wanted, from }, skip: 0, limit: limits.pageLinesMax }
    const { groups, next, stopped } = await search.page(ask, signal)
    if (groups.length > 0) yield groups.map((group) => textOf(group, hosts, format)).join('')
    if (stopped === null && groups.length === 0) return
    if (stopped !== null && next === from) {
      throw new AppError('bad-request', stopped.message, { hint: stopped.hint })
    }
    from = next
  }
}

/** Whole texts, however long: what a page of lines cuts is not cut here. */
function textOf(
  group: PlacedGroup,
  hosts: ReadonlyMap<number, string>,
  format: LineFormat,
): string {
  const { pos, task, channel, file, end, count } = group
  const time = isoTime(group.time)
  const host = hosts.get(task) ?? ''
  return textsOf(group)
    .map((text, at) => {
      const isLast = at === count - 1
      const line = {
        pos: pos + at,
        task,
        channel,
        time,
        ...(file !== undefined && { file }),
        text,
        ...(isLast && end !== 'newline' && { end }),
      }
      return exportLine(line, host, format)
    })
    .join('')
}
