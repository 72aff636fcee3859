/** The lines of a run that match, page after page, until the whole run is looked through. */
import type { FarglassApi, LineFilter } from '../../client/api.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { WireLine } from '../../shared/protocol/events.ts'
import type { RunId } from '../../shared/run.ts'

export interface MatchingLines {
  readonly run: RunId
  readonly filter: LineFilter
  readonly from: number
  readonly signal: AbortSignal
}

/** Pages that are not empty. A search that gets no further than before rejects with the reason. */
export async function* matchingLines(
  api: FarglassApi,
  { run, filter, from, signal }: MatchingLines,
): AsyncGenerator<readonly WireLine[]> {
  for (let next = from; !signal.aborted; ) {
    const page = await api.matching(run, { ...filter, from: next, limit: limits.pageLinesMax })
    const lines: WireLine[] = []
    // One after the other: each may be a megabyte.
    for (const line of page.lines) lines.push(await whole(api, run, line))
    if (lines.length > 0) yield lines
    const { stopped } = page
    if (stopped === undefined && page.lines.length === 0) return
    if (stopped !== undefined && page.next === next) {
      throw new AppError('bad-request', stopped.message, { hint: stopped.hint })
    }
    next = page.next
  }
}

/** A server cuts long texts; the bytes of the line have all of it. */
async function whole(api: FarglassApi, run: RunId, line: WireLine): Promise<WireLine> {
  if (line.bytes === undefined) return line
  const { task, channel, pos, bytes: _size, ...rest } = line
  const bytes = await api.bytes(run, { task, channel, from: pos, to: pos + 1 })
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return { ...rest, task, channel, pos, text: text.replace(/\r?\n$/, '') }
}
