/** A search through all runs, one after the other, the newest first; what is found is told as it comes. */
import { batch, type Signal, signal } from '@preact/signals'
import type { FarglassApi, LineFilter } from '../../../client/api.ts'
import { eachRun, searchWholeRun, taskHosts } from '../../../client/whole-search.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { ListedRun } from '../../../shared/listed-run.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'

export interface RunHits {
  readonly run: ListedRun
  /** Matching lines, and the first few of them. */
  readonly count: number
  readonly lines: readonly WireLine[]
  /** By the tasks of the lines. */
  readonly hosts: ReadonlyMap<number, string>
}

/** `paused`: there may be more in older runs. */
export type SearchPhase = 'idle' | 'busy' | 'paused' | 'stopped' | 'done'

const linesPerRun = 5
/** Runs with matches after which it waits for a wish to go on: a page with more is not read by anybody. */
const runsPerStretch = 50
const pageRuns = 100

export class RunSearch {
  readonly phase: Signal<SearchPhase> = signal<SearchPhase>('idle')
  /** Runs that were looked through. */
  readonly looked: Signal<number> = signal(0)
  readonly found: Signal<readonly RunHits[]> = signal<readonly RunHits[]>([])
  readonly problem: Signal<AppError | null> = signal<AppError | null>(null)
  readonly #api: Pick<FarglassApi, 'get' | 'list' | 'search'>
  #filter: LineFilter = {}
  #runs: AsyncGenerator<ListedRun> | null = null
  #abort: AbortController = new AbortController()

  constructor(api: Pick<FarglassApi, 'get' | 'list' | 'search'>) {
    this.#api = api
  }

  start(filter: LineFilter): void {
    this.#abort.abort()
    batch(() => {
      this.looked.value = 0
      this.found.value = []
      this.problem.value = null
      this.phase.value = 'idle'
    })
    this.#filter = filter
    this.#runs = eachRun(this.#api, { limit: pageRuns })
    if ((filter.q ?? '') !== '') void this.#search()
  }

  goOn(): void {
    if (this.phase.value === 'paused') void this.#search()
  }

  stop(): void {
    this.#abort.abort()
    if (this.phase.value === 'busy') this.phase.value = 'stopped'
  }

  async #search(): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    this.phase.value = 'busy'
    const until = this.found.value.length + runsPerStretch
    try {
      const phase = await this.#stretch(until, abort.signal)
      if (!abort.signal.aborted) this.phase.value = phase
    } catch (thrown) {
      if (abort.signal.aborted) return
      this.problem.value = toAppError(thrown)
      this.phase.value = 'stopped'
    }
  }

  async #stretch(until: number, signal: AbortSignal): Promise<SearchPhase> {
    while (this.found.value.length < until) {
      const next = await this.#runs?.next()
      if (signal.aborted || next === undefined || next.done === true) return 'done'
      // Notes are lines, too, so that only a run without positions has nothing to look at.
      if (next.value.next > next.value.first) await this.#lookInto(next.value, signal)
      if (signal.aborted) return 'stopped'
      this.looked.value++
    }
    return 'paused'
  }

  async #lookInto(run: ListedRun, signal: AbortSignal): Promise<void> {
    const ask = { run: run.id, filter: this.#filter, limit: linesPerRun, signal }
    let hits: RunHits = { run, count: 0, lines: [], hosts: new Map() }
    for await (const { count, lines } of searchWholeRun(this.#api, ask)) {
      if (signal.aborted) return
      if (count === 0) continue
      const hosts = hits.count === 0 ? await taskHosts(this.#api, run) : hits.hosts
      if (signal.aborted) return
      hits = { run, count: hits.count + count, lines: [...hits.lines, ...lines], hosts }
      const others = this.found.value.filter((each) => each.run.id !== run.id)
      this.found.value = [...others, hits]
    }
  }
}
