/** Changes of tasks, gathered: what hundreds of hosts tell in one burst is taken once. */
import type { Task } from '../../../shared/run.ts'

/** Seen as at once, and far apart enough that 500 hosts that change together cost a few frames. */
const everyMs = 80

export class TaskUpdates {
  readonly #take: (tasks: ReadonlyMap<number, Task>) => void
  #pending = new Map<number, Task>()
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(take: (tasks: ReadonlyMap<number, Task>) => void) {
    this.#take = take
  }

  /** The first of a burst is taken at once, the others together a moment later. */
  add(task: Task): void {
    this.#pending.set(task.id, task)
    if (this.#timer !== null) return
    this.flush()
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.flush()
    }, everyMs)
  }

  /** What waits is taken now: something newer follows. */
  flush(): void {
    if (this.#pending.size === 0) return
    const tasks = this.#pending
    this.#pending = new Map()
    this.#take(tasks)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#pending.clear()
  }
}
