/** The groups of the run in view: asked for again when something has come, until they are final. */
import { effect, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { wait } from '../../../client/wait.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { GroupedRun } from '../../../shared/protocol/groups.ts'
import type { RunModel } from '../runs/run-model.ts'

/** Between two questions: as fast as anybody can read what changes. */
const askEveryMs = 1_000
const retryMs = 3_000

export class GroupsModel {
  readonly groups: Signal<GroupedRun | null> = signal(null)
  /** Why there are none. */
  readonly problem: Signal<AppError | null> = signal(null)
  readonly #api: Pick<FarglassApi, 'groups'>
  readonly #run: RunModel
  readonly #stop = new AbortController()
  #isNews = true
  #wake: () => void = () => {}

  constructor(api: Pick<FarglassApi, 'groups'>, run: RunModel) {
    this.#api = api
    this.#run = run
    const unsubscribe = effect(() => {
      void run.version.value
      void run.run.value
      this.#isNews = true
      this.#wake()
    })
    this.#stop.signal.addEventListener('abort', () => {
      unsubscribe()
      this.#wake()
    })
    void this.#ask()
  }

  close(): void {
    this.#stop.abort()
  }

  async #ask(): Promise<void> {
    const { signal: stop } = this.#stop
    while (!stop.aborted && this.groups.peek()?.isFinal !== true) {
      if (!this.#isNews) await new Promise<void>((resolve) => (this.#wake = resolve))
      if (stop.aborted) return
      this.#isNews = false
      await wait((await this.#askOnce()) ? askEveryMs : retryMs, stop)
    }
  }

  /** False when there was no answer: it is asked again. */
  async #askOnce(): Promise<boolean> {
    try {
      const groups = await this.#api.groups(this.#run.id)
      if (this.#stop.signal.aborted) return true
      this.groups.value = groups
      this.problem.value = null
      return true
    } catch (thrown) {
      this.problem.value = toAppError(thrown)
      this.#isNews = true
      return false
    }
  }
}
