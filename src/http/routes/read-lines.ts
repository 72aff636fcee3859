/** `GET /api/v1/runs/{id}/lines`: a page of lines by position. */
import { z } from 'zod'
import type { RunService } from '../../core/runs/run-service.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { LinesPage, WireLine } from '../../shared/protocol/events.ts'
import { linesPageSchema, refusals } from '../openapi/schemas.ts'
import type { App, Parts } from '../parts.ts'
import { wireTexts } from '../sse/lines-json.ts'
import { countParam, fromParam } from './params.ts'
import { runIdOf, runParams } from './run-id.ts'

const query = z.strictObject({
  from: fromParam,
  limit: countParam(1, limits.pageLinesMax).default(limits.pageLinesMax),
})

export function readLines(app: App, { service }: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/lines',
    config: { access: 'read' },
    schema: {
      tags: ['lines'],
      summary: 'Read a page of lines',
      description:
        'Lines from the cursor on, at most `limit` and about 1 MiB. `next` is the cursor of the next page; an empty page means that there is nothing after it yet.',
      params: runParams,
      querystring: query,
      response: { 200: linesPageSchema, ...refusals },
    },
    handler: async ({ params, query: { from, limit } }) =>
      pageOf(service, runIdOf(params.id), { from, limit }),
  })
}

async function pageOf(
  service: RunService,
  run: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<LinesPage> {
  const lines: WireLine[] = []
  let next = from
  let bytes = 0
  while (lines.length < limit && bytes < limits.pageBytesMax) {
    const groups = await service.read(run, next, limits.pageBytesMax - bytes)
    if (groups.length === 0) break
    for (const group of groups) {
      next = pushLines(lines, group, limit)
      bytes += group.bytes.length
      if (lines.length >= limit) break
    }
  }
  return { run, from, next, lines }
}

/** Adds the group's lines until the page is full; gives the position after the last one. */
function pushLines(page: WireLine[], group: PlacedGroup, limit: number): number {
  const { task, channel, pos, file } = group
  const time = new Date(group.time).toISOString()
  const { lines, cut } = wireTexts(group)
  const sizes = new Map(cut.map(({ index, bytes }) => [index, bytes]))
  const taken = Math.min(lines.length, limit - page.length)
  for (let index = 0; index < taken; index++) {
    const bytes = sizes.get(index)
    page.push({
      pos: pos + index,
      task,
      channel,
      time,
      ...(file !== undefined && { file }),
      text: lines[index] ?? '',
      ...(index === group.count - 1 && group.end !== 'newline' && { end: group.end }),
      ...(bytes !== undefined && { bytes }),
    })
  }
  return pos + taken
}
