/** How a run goes over its hosts, decided without I/O: who may start, who never will, whose time is over. */
import { isFinal, type Run, type Task } from '../../shared/run.ts'
import type { RunPlan } from '../../shared/run-plan.ts'
import { parseTime } from '../../shared/time.ts'

export interface FanOut {
  readonly plan: RunPlan
  /** All tasks of the run, in the order of their turns. */
  readonly tasks: readonly PlannedTask[]
  /** When the run was made, and now, in milliseconds since 1970. */
  readonly madeAt: number
  readonly now: number
  /** A person has stopped the run. */
  readonly isStopped: boolean
}

export interface PlannedTask
  extends Pick<Task, 'id' | 'state' | 'exitCode' | 'code' | 'startedAt'> {
  /** It has had its turn: somebody carries it, or has carried it. */
  readonly isBegun: boolean
}

export interface FanOutStep {
  /** Tasks whose turn it is, in order. */
  readonly start: readonly number[]
  /** Tasks that are never started, all for one reason. */
  readonly never: readonly number[]
  readonly why: NeverReason | null
  /** Tasks that are to be stopped, for their own time or that of the run. */
  readonly overdue: readonly Overdue[]
  /** When to look again although nothing has happened; null: then there is no need to. */
  readonly wakeAt: number | null
}

export type NeverReason = 'stopped' | 'run-overdue' | 'too-many-failures'

export interface Overdue {
  readonly task: number
  readonly of: 'task' | 'run'
}

/** What is to be done now. Asked again whenever a task has changed, and at `wakeAt`. */
export function nextStep(fanOut: FanOut): FanOutStep {
  const waiting = fanOut.tasks.filter(({ isBegun, state }) => !isBegun && !isFinal(state))
  const why = neverReason(fanOut)
  const times = timesOf(fanOut)
  return {
    start: why === null ? turns(fanOut, waiting) : [],
    never: why === null ? [] : waiting.map(({ id }) => id),
    why,
    overdue: times.filter(({ at }) => at <= fanOut.now).map(({ task, of }) => ({ task, of })),
    wakeAt: earliest(times, fanOut),
  }
}

/** Whether a task stands against its run: it did not do what it was started for. */
export function hasFailed({ state, exitCode, code }: PlannedTask): boolean {
  return isFinal(state) && (state !== 'ended' || (exitCode ?? 0) !== 0 || code !== null)
}

/**
 * Whether it is certain that nobody has begun the task yet: then whoever takes the run over may start
 * it. The first tasks of a run are begun without a word to the store, and every later one after the
 * store knows that it is not `queued` any more.
 */
export function isHeldBack(run: PlannedRun, task: Pick<Task, 'id' | 'state'>): boolean {
  const turn = run.tasks.findIndex(({ id }) => id === task.id)
  return task.state === 'queued' && turn >= firstTurns(run)
}

interface PlannedRun extends Pick<Run, 'plan'> {
  readonly tasks: readonly Pick<Task, 'id'>[]
}

/** How many tasks begin as soon as their run does. */
export function firstTurns({ plan, tasks }: PlannedRun): number {
  return Math.min(plan.fanout, plan.batch ?? tasks.length)
}

function neverReason({ plan, tasks, madeAt, now, isStopped }: FanOut): NeverReason | null {
  if (isStopped) return 'stopped'
  if (plan.timeoutMs !== null && now >= madeAt + plan.timeoutMs) return 'run-overdue'
  const failures = tasks.filter(hasFailed).length
  return plan.maxFailures !== null && failures > plan.maxFailures ? 'too-many-failures' : null
}

function turns({ plan, tasks }: FanOut, waiting: readonly PlannedTask[]): number[] {
  const batch = currentBatch(plan, tasks)
  const underWay = tasks.filter(({ isBegun, state }) => isBegun && !isFinal(state)).length
  return waiting
    .filter((task) => batch.includes(task))
    .slice(0, Math.max(0, plan.fanout - underWay))
    .map(({ id }) => id)
}

/** The first one that has not ended. */
function currentBatch({ batch }: RunPlan, tasks: readonly PlannedTask[]): readonly PlannedTask[] {
  if (batch === null) return tasks
  const open = tasks.findIndex(({ state }) => !isFinal(state))
  const first = Math.floor(Math.max(0, open) / batch) * batch
  return tasks.slice(first, first + batch)
}

interface TaskEnd extends Overdue {
  readonly at: number
}

/** When those that are under way are to be stopped; a task that has not started waits for its host. */
function timesOf({ plan, tasks, madeAt }: FanOut): readonly TaskEnd[] {
  const { timeoutMs, taskTimeoutMs } = plan
  const runEnd = timeoutMs === null ? Number.POSITIVE_INFINITY : madeAt + timeoutMs
  return tasks
    .filter(({ isBegun, state }) => isBegun && !isFinal(state))
    .map(({ id, startedAt }): TaskEnd => {
      if (taskTimeoutMs === null || startedAt === null) return { task: id, of: 'run', at: runEnd }
      const own = parseTime(startedAt) + taskTimeoutMs
      return own < runEnd ? { task: id, of: 'task', at: own } : { task: id, of: 'run', at: runEnd }
    })
    .filter(({ at }) => Number.isFinite(at))
}

/** Of what is still to come. Those that wait for their turn have the time of the run as well. */
function earliest(times: readonly TaskEnd[], { plan, madeAt, now, tasks }: FanOut): number | null {
  const isOpen = tasks.some(({ state }) => !isFinal(state))
  const runEnd = plan.timeoutMs === null || !isOpen ? [] : [madeAt + plan.timeoutMs]
  const next = [...times.map(({ at }) => at), ...runEnd].filter((at) => at > now)
  return next.length === 0 ? null : Math.min(...next)
}
