/** Stores what changes of tasks without lines: who reads the store, as other nodes do, sees it too. */
import { limits } from '../../shared/limits.ts'
import { isFinal, type Run, type Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunCatalog } from '../store/run-catalog.ts'

export interface TaskStatesParts {
  readonly catalog: Pick<RunCatalog, 'save'>
  readonly clock: Clock
}

/**
 * Waits a moment before it saves, as most changes are followed by a line that carries them; and has
 * one save under way at most. No line waits for it, and a refused one is offered again.
 */
export class TaskStates {
  readonly #parts: TaskStatesParts
  readonly #run: Pick<Run, 'id' | 'epoch'>
  /** What the store was last given, by the task's id. */
  readonly #given: Map<number, string>
  /** Tasks that have changed, as they are by then. */
  readonly #waiting = new Map<number, () => Task>()
  #cancel: (() => void) | undefined
  #isSaving = false
  #isClosed = false

  constructor(run: Pick<Run, 'id' | 'epoch' | 'tasks'>, parts: TaskStatesParts) {
    this.#run = run
    this.#parts = parts
    this.#given = new Map(run.tasks.map((task) => [task.id, shownOf(task)]))
  }

  /** `now` gives the task as it is when it is saved. */
  changed(now: () => Task): void {
    this.#waiting.set(now().id, now)
    this.#plan(limits.taskStateDelayMs)
  }

  /** These values are on their way to the store with lines. */
  carried(tasks: readonly Task[]): void {
    for (const task of tasks) this.#given.set(task.id, shownOf(task))
  }

  /** Nothing is saved any more. */
  close(): void {
    this.#isClosed = true
    this.#cancel?.()
    this.#waiting.clear()
  }

  #plan(ms: number): void {
    if (this.#isClosed || this.#isSaving || this.#waiting.size === 0) return
    this.#cancel ??= this.#parts.clock.after(ms, () => {
      this.#cancel = undefined
      void this.#save()
    })
  }

  async #save(): Promise<void> {
    const tasks = [...this.#waiting.values()]
      .map((now) => now())
      .filter((task) => this.#isNews(task))
    const waiting = new Map(this.#waiting)
    this.#waiting.clear()
    if (tasks.length === 0) return
    this.#isSaving = true
    this.carried(tasks)
    const { id, epoch } = this.#run
    let next: number = limits.taskStateDelayMs
    try {
      await this.#parts.catalog.save({ run: id, epoch, tasks })
    } catch {
      // Nobody misses it but who reads the store, and that is away for him too.
      for (const task of tasks) {
        const now = waiting.get(task.id)
        this.#given.delete(task.id)
        if (now !== undefined) this.#waiting.set(task.id, now)
      }
      next = limits.storeRetryMs
    }
    this.#isSaving = false
    this.#plan(next)
  }

  /** How a task has ended is stored with its last row, never before. */
  #isNews(task: Task): boolean {
    return !isFinal(task.state) && this.#given.get(task.id) !== shownOf(task)
  }
}

/** All of a task but how far it is, which every line changes: what is the same is shown the same. */
export function shownOf(task: Task): string {
  return JSON.stringify({ ...task, outBytes: 0, errBytes: 0 })
}
