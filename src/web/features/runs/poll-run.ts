/** The lines of a run by short polls: for tabs that hold no stream. */
import type { FarglassApi } from '../../../client/api.ts'
import type { EndEvent, LinesPage, ResetEvent, RunEvent } from '../../../shared/protocol/events.ts'
import { givenAnewFrom, type RunId } from '../../../shared/run.ts'
import { wait } from './wait.ts'

export type PollEvent =
  | { readonly kind: 'page'; readonly page: LinesPage }
  | RunEvent
  | ResetEvent
  | EndEvent

/** Where a reader stands, and the epoch of the run when it got what it has. */
export interface Place {
  readonly cursor: number
  readonly epoch: number
}

export interface PollOptions {
  readonly api: Pick<FarglassApi, 'get' | 'lines'>
  readonly id: RunId
  readonly from: Place
  readonly signal: AbortSignal
  /** Returns after this many quiet rounds, so that the caller can try for a stream again. */
  readonly rounds: number
}

const pollMs = 1_000
const pageLines = 1_000

/** Everything from `from` on; ends with `end` when the run has ended and all lines were given. */
export async function* pollRun(options: PollOptions): AsyncGenerator<PollEvent> {
  const { api, id, signal } = options
  let { cursor, epoch } = options.from
  for (let round = 0; round < options.rounds && !signal.aborted; ) {
    const page = await api.lines(id, cursor, pageLines)
    if (page.lines.length > 0) {
      cursor = page.next
      yield { kind: 'page', page }
      continue
    }
    const run = await api.get(id)
    const anewFrom = givenAnewFrom(run, { epoch, cursor })
    epoch = run.epoch
    if (anewFrom !== null) {
      cursor = anewFrom
      yield { kind: 'reset', epoch, from: cursor }
      continue
    }
    if (run.state === 'ended' && run.next <= cursor) {
      yield { kind: 'end', next: cursor, run }
      return
    }
    yield { kind: 'run', run }
    round++
    await wait(pollMs, signal)
  }
}
