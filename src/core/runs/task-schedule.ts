/** Lets the tasks of a run have their turns, as `fan-out.ts` decides, and watches their time. */
import { limits } from '../../shared/limits.ts'
import { isFinal, type Run, type Task } from '../../shared/run.ts'
import { parseTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import { type FanOutStep, firstTurns, isHeldBack, nextStep } from './fan-out.ts'
import { neverStarted, timeOver } from './task-errors.ts'
import type { TaskRunner } from './task-runner.ts'
import { nextTask } from './task-state.ts'

export interface ScheduleParts {
  readonly clock: Clock
  /** All tasks as they are now. */
  readonly tasks: () => readonly Task[]
  /** One for each task that has not ended. */
  readonly runners: readonly TaskRunner[]
  readonly isRecovered: boolean
  /** Tasks that have not begun may wait for the next process when this one goes. */
  readonly canWait: boolean
  /** These tasks are about to begin: resolves with true once the store knows, with false when they must not. */
  readonly record: (tasks: readonly Task[]) => Promise<boolean>
  /** Carries one task until it has ended, or is parked. Never rejects. */
  readonly carry: (runner: TaskRunner) => Promise<void>
}

export class TaskSchedule {
  readonly #run: Run
  readonly #parts: ScheduleParts
  /** Tasks that have not had their turn. */
  readonly #waiting: Map<number, TaskRunner>
  /** Tasks whose turn it is, as soon as the store knows. */
  readonly #beginning = new Map<number, TaskRunner>()
  #carried = 0
  #isOpen = false
  #isStopped = false
  /** No task has its turn any more. */
  #isClosed = false
  #cancelWake: (() => void) | undefined
  #over: () => void = () => {}

  constructor(run: Run, parts: ScheduleParts) {
    this.#run = run
    this.#parts = parts
    const waits = ({ task }: TaskRunner) => !parts.isRecovered || isHeldBack(run, task)
    this.#waiting = new Map(
      parts.runners.filter(waits).map((runner) => [runner.task.id, runner] as const),
    )
  }

  /** Resolves when every task has ended or is parked; those that wait too, once it is closed. */
  run(): Promise<void> {
    this.#isOpen = true
    // What a process that is gone had begun goes on at once, whatever the fan-out.
    const begun = this.#parts.runners.filter(({ task }) => !this.#waiting.has(task.id))
    return new Promise((resolve) => {
      this.#over = resolve
      if (!this.#isClosed) for (const runner of begun) this.#carry(runner)
      this.look()
      this.#settle()
    })
  }

  /** Something has changed: who may start now, and whose time is over? */
  look(): void {
    if (!this.#isOpen || this.#isClosed) return
    const step = this.#step()
    const { plan } = this.#run
    for (const runner of this.#take(step.never)) {
      if (step.why !== null) runner.refuse(neverStarted(step.why, plan))
      this.#carry(runner)
    }
    for (const { task, of } of step.overdue) {
      const runner = this.#parts.runners.find((one) => one.task.id === task)
      runner?.expire(timeOver(of, plan))
    }
    this.#start(this.#take(step.start))
    this.#wakeAt(step.wakeAt)
  }

  /** A person has stopped the run: what waits is not started any more. */
  stop(graceMs: number): void {
    this.#isStopped = true
    this.look()
    for (const runner of this.#parts.runners) runner.stop(graceMs)
  }

  /**
   * This process is going, or can store nothing any more: what its hosts keep, and what has not
   * begun, is left for the next one (true), the rest is stopped.
   */
  close(graceMs: number): boolean {
    const held = [...this.#waiting.values(), ...this.#beginning.values()]
    const isLeft = this.#parts.runners
      .filter((runner) => !held.includes(runner) && !isFinal(runner.task.state))
      .map((runner) => runner.close(graceMs))
      .includes(true)
    if (held.length === 0) return isLeft
    // A run that has not begun yet ends as a whole.
    if (this.#isOpen && this.#parts.canWait) {
      this.#shut()
      return true
    }
    this.#isStopped = true
    for (const runner of held) runner.stop(graceMs)
    this.look()
    return isLeft
  }

  /** Another process carries the run: what its hosts keep is left to it, what lives by our sessions ends. */
  fence(): void {
    const held = new Set([...this.#waiting.values(), ...this.#beginning.values()])
    this.#beginning.clear()
    this.#shut()
    for (const runner of this.#parts.runners) {
      if (!held.has(runner)) runner.close(limits.stopGraceMs)
    }
  }

  #step(): FanOutStep {
    return nextStep({
      plan: this.#run.plan,
      tasks: this.#parts.tasks().map((task) => ({ ...task, isBegun: !this.#waiting.has(task.id) })),
      madeAt: parseTime(this.#run.createdAt),
      now: this.#parts.clock.now(),
      isStopped: this.#isStopped,
    })
  }

  /** From now on they do not wait. */
  #take(ids: readonly number[]): TaskRunner[] {
    return ids.flatMap((id) => {
      const runner = this.#waiting.get(id)
      this.#waiting.delete(id)
      return runner === undefined ? [] : [runner]
    })
  }

  #start(runners: readonly TaskRunner[]): void {
    const first = new Set(this.#run.tasks.slice(0, firstTurns(this.#run)).map(({ id }) => id))
    for (const runner of runners) if (first.has(runner.task.id)) this.#carry(runner)
    const later = runners.filter(({ task }) => !first.has(task.id))
    if (later.length > 0) void this.#begin(later)
  }

  /** Once the store knows that they have begun, nobody who takes the run over begins them again. */
  async #begin(runners: readonly TaskRunner[]): Promise<void> {
    for (const runner of runners) this.#beginning.set(runner.task.id, runner)
    const mayBegin = await this.#parts.record(
      runners.map(({ task }) => nextTask(task, { kind: 'connecting' })),
    )
    for (const runner of runners) {
      const isOurs = this.#beginning.delete(runner.task.id)
      // Whoever was stopped meanwhile has an end to tell, and begins nothing.
      const isToBegin = (mayBegin && !this.#isClosed) || runner.isStopped
      if (isOurs && isToBegin) this.#carry(runner)
    }
    this.#settle()
  }

  #carry(runner: TaskRunner): void {
    this.#carried += 1
    void this.#parts.carry(runner).then(() => {
      this.#carried -= 1
      this.look()
      this.#settle()
    })
  }

  #shut(): void {
    this.#isClosed = true
    this.#wakeAt(null)
    this.#settle()
  }

  #settle(): void {
    if (!this.#isOpen || this.#carried + this.#beginning.size > 0) return
    if (!this.#isClosed && this.#waiting.size > 0) return
    this.#wakeAt(null)
    this.#over()
  }

  #wakeAt(time: number | null): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    if (time === null) return
    const { clock } = this.#parts
    const ms = Math.min(limits.planLookMsMax, Math.max(1, time - clock.now()))
    this.#cancelWake = clock.after(ms, () => this.look())
  }
}
