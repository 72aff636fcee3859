/** The lines of a run by short polls: for tabs that hold no stream. */
import type { FarglassApi } from '../../../client/api.ts'
import { wait } from '../../../client/wait.ts'
import { givenAnewFrom, type ReadPlace } from '../../../shared/epochs.ts'
import type { EndEvent, LinesPage, ResetEvent, RunEvent } from '../../../shared/protocol/events.ts'
import type { Run, RunId } from '../../../shared/run.ts'

export type PollEvent =
  | { readonly kind: 'page'; readonly page: LinesPage }
  | RunEvent
  | ResetEvent
  | EndEvent

export interface PollOptions {
  readonly api: Pick<FarglassApi, 'get' | 'lines'>
  readonly id: RunId
  readonly from: ReadPlace
  readonly signal: AbortSignal
  /** Returns after this many quiet rounds, so that the caller can try for a stream again. */
  readonly rounds: number
}

const pollMs = 1_000
const pageLines = 1_000

/**
 * Everything from `from` on; ends with `end` when the run has ended and all lines were given. Lines
 * come after the run that they are read for: so it is known of which ownership they are.
 */
export async function* pollRun(options: PollOptions): AsyncGenerator<PollEvent> {
  const { api, id, signal } = options
  let place = options.from
  for (let round = 0; round < options.rounds && !signal.aborted; ) {
    const run = await api.get(id)
    const { epoch, epochs } = run
    const from = givenAnewFrom(run, place)
    if (from !== null) yield { kind: 'reset', epoch, from, epochs }
    yield { kind: 'run', run }
    const began = from ?? place.cursor
    const cursor = yield* linesOf(run, began, options)
    place = { cursor, epochs }
    if (run.state === 'ended' && run.next <= cursor) {
      yield { kind: 'end', next: cursor, run }
      return
    }
    if (cursor > began) continue
    round++
    await wait(pollMs, signal)
  }
}

/** The lines before its end, page by page; gives the cursor behind them. */
async function* linesOf(
  run: Run,
  from: number,
  { api, id, signal }: PollOptions,
): AsyncGenerator<PollEvent, number> {
  let cursor = from
  while (cursor < run.next && !signal.aborted) {
    const page = await api.lines(id, cursor, Math.min(pageLines, run.next - cursor))
    if (page.lines.length === 0) break
    cursor = page.next
    yield { kind: 'page', page }
  }
  return cursor
}
