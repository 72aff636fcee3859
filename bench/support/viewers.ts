/** Starts the process of viewers and gives back what they saw. */
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import { startTyped } from './typed-process.ts'

/** What the process of viewers is told. */
export interface ViewersOrder {
  readonly server: string
  /** A run to join, or null: start the one of `request`. */
  readonly run: string | null
  readonly request: RunRequest | null
  readonly viewers: number
  /** The cursor whose moment is noted. */
  readonly wanted: number
  /** Every how many viewers the age of each line is taken; 0: of none. */
  readonly timedEvery: number
  readonly leaveWhenReached: boolean
}

export type ViewersMessage = { readonly kind: 'open'; readonly run: string } | ViewersReport

/** What it says at the end. Times count from just before the run is started or joined. */
export interface ViewersReport {
  readonly kind: 'done'
  readonly run: string
  readonly firstMs: readonly (number | null)[]
  readonly halfMs: readonly (number | null)[]
  readonly reachedMs: readonly (number | null)[]
  readonly cursors: readonly number[]
  readonly runLines: readonly (number | null)[]
  readonly holes: number
  /** Events with lines that each was given, on average. */
  readonly batches: number
  readonly ended: number
  readonly timed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMs: number
}

export interface Viewers {
  /** Resolves with the run once every viewer has its response head; rejects when they end before. */
  readonly open: Promise<string>
  readonly done: Promise<ViewersReport>
}

export function startViewers(order: Partial<ViewersOrder> & { server: string }): Viewers {
  const whole: ViewersOrder = {
    run: null,
    request: null,
    viewers: 1,
    wanted: Number.MAX_SAFE_INTEGER,
    timedEvery: 0,
    leaveWhenReached: false,
    ...order,
  }
  let markOpen: (run: string) => void = () => {}
  const opened = new Promise<string>((resolve) => {
    markOpen = resolve
  })
  const messages: ViewersMessage[] = []
  const ended = startTyped('viewers.ts', [JSON.stringify(whole)], (line) => {
    // SAFETY: bench/processes/viewers.ts writes nothing else.
    const message = JSON.parse(line) as ViewersMessage
    messages.push(message)
    if (message.kind === 'open') markOpen(message.run)
  })
  const done = ended.then(() => reportIn(messages))
  return { open: Promise.race([opened, done.then((report) => report.run)]), done }
}

function reportIn(messages: readonly ViewersMessage[]): ViewersReport {
  const last = messages.at(-1)
  if (last?.kind !== 'done') throw new Error('The viewers ended without a report.')
  return last
}

/** Throws when a viewer missed a line, saw one twice, or did not see the end. */
export function assertComplete(report: ViewersReport, lines: number): void {
  const viewers = report.cursors.length
  const wrong = report.runLines.filter((seen) => seen !== lines).length
  const short = report.cursors.filter((cursor) => cursor < lines).length
  if (report.holes === 0 && report.ended === viewers && wrong === 0 && short === 0) return
  const facts = `${report.holes} holes, ${report.ended} of ${viewers} saw the end`
  throw new Error(`Not every line was shown once: ${facts}, ${wrong} with another count of lines.`)
}
