/** The groups of the run in view: asked for again when something has come, until they are final. */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { wait } from '../../../client/wait.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { MaskName } from '../../../shared/line-mask.ts'
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
  readonly #masks: ReadonlySignal<readonly MaskName[]>
  readonly #stop = new AbortController()
  #isNews = true
  /** Of what is known now. */
  #known: readonly MaskName[] | null = null
  #wake: () => void = () => {}

  constructor(
    api: Pick<FarglassApi, 'groups'>,
    run: RunModel,
    masks: ReadonlySignal<readonly MaskName[]>,
  ) {
    this.#api = api
    this.#masks = masks
    this.#run = run
    const unsubscribe = effect(() => {
      void run.version.value
      void run.run.value
      void masks.value
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
    while (!stop.aborted) {
      if (!this.#isNews || this.#isFinal)
        await new Promise<void>((resolve) => (this.#wake = resolve))
      if (stop.aborted) return
      this.#isNews = false
      await wait((await this.#askOnce()) ? askEveryMs : retryMs, stop)
    }
  }

  /** Nothing changes any more, as long as the masks do not. */
  get #isFinal(): boolean {
    return this.groups.peek()?.isFinal === true && this.#known === this.#masks.peek()
  }

  /** False when there was no answer: it is asked again. */
  async #askOnce(): Promise<boolean> {
    try {
      const masks = this.#masks.peek()
      const groups = await this.#api.groups(this.#run.id, masks)
      // The reader wants something else meanwhile: that is asked for at once.
      if (this.#stop.signal.aborted || masks !== this.#masks.peek()) return true
      this.#known = masks
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
