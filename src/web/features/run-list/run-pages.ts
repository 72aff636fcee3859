/** The runs that a filter takes, as far as they were looked at: pages from the newest on. */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import { type ListedRun, listedRun } from '../../../shared/listed-run.ts'
import type { RunFilterFields } from '../../../shared/protocol/run-list.ts'
import type { RunId } from '../../../shared/run.ts'

const pageRuns = 50

export class RunPages {
  /** Newest first; null until the first page is here. */
  readonly runs: Signal<readonly ListedRun[] | null> = signal<readonly ListedRun[] | null>(null)
  readonly hasMore: Signal<boolean> = signal(false)
  readonly problem: Signal<AppError | null> = signal<AppError | null>(null)
  readonly #api: Pick<FarglassApi, 'list' | 'pin'>
  readonly #isLoading: Signal<boolean> = signal(false)
  #filter: RunFilterFields = {}
  /** Grows with each filter: answers to an earlier one come too late. */
  #round = 0

  constructor(api: Pick<FarglassApi, 'list' | 'pin'>) {
    this.#api = api
  }

  get isLoading(): ReadonlySignal<boolean> {
    return this.#isLoading
  }

  /** Begins anew; what is shown stays until the answer is here. */
  async open(filter: RunFilterFields): Promise<void> {
    this.#filter = filter
    this.#round++
    await this.#load(undefined, (page) => {
      this.runs.value = page
      this.hasMore.value = page.length === pageRuns
    })
  }

  /** The next page, when there is one and none is on its way. */
  async more(): Promise<void> {
    const last = this.runs.value?.at(-1)
    if (last === undefined || !this.hasMore.value || this.#isLoading.value) return
    await this.#load(last.id, (page) => {
      const known = new Set(this.runs.value?.map(({ id }) => id))
      this.runs.value = [...(this.runs.value ?? []), ...page.filter(({ id }) => !known.has(id))]
      this.hasMore.value = page.length === pageRuns
    })
  }

  /** What is new or has changed among the newest; who has scrolled down keeps what is there. */
  async refresh(): Promise<void> {
    if (this.#isLoading.value || this.runs.value === null) return
    await this.#load(undefined, (page) => {
      const known = this.runs.value ?? []
      const last = page.at(-1)
      const at = last === undefined ? -1 : known.findIndex(({ id }) => id === last.id)
      // A short page is all there is; one that does not reach what is known leaves a hole, so it begins anew.
      const isWhole = page.length < pageRuns || at < 0
      this.runs.value = isWhole ? page : [...page, ...known.slice(at + 1)]
      if (isWhole) this.hasMore.value = page.length === pageRuns
    })
  }

  /** Pins a run or lets go of it. */
  async pin({ id, pinned }: ListedRun): Promise<void> {
    try {
      const changed = listedRun(await this.#api.pin(id, !pinned))
      this.runs.value = this.runs.value?.map((run) => (run.id === id ? changed : run)) ?? null
    } catch (thrown) {
      this.problem.value = toAppError(thrown)
    }
  }

  forget(id: RunId): void {
    this.runs.value = this.runs.value?.filter((run) => run.id !== id) ?? null
  }

  async #load(
    before: RunId | undefined,
    take: (page: readonly ListedRun[]) => void,
  ): Promise<void> {
    const round = this.#round
    this.#isLoading.value = true
    try {
      const page = await this.#api.list({
        ...this.#filter,
        limit: pageRuns,
        ...(before !== undefined && { before }),
      })
      if (round !== this.#round) return
      batch(() => {
        take(page)
        this.problem.value = null
      })
    } catch (thrown) {
      if (round === this.#round) this.problem.value = toAppError(thrown)
    } finally {
      if (round === this.#round) this.#isLoading.value = false
    }
  }
}
