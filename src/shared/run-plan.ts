/** How a run goes over its hosts: how many at once, in which order, and when it is enough. */
import { limits } from './limits.ts'
import type { Source } from './run.ts'

export const runOrders = ['given', 'sorted', 'shuffled'] as const

/** In which order hosts have their turn. The tasks of a run are numbered in it. */
export type RunOrder = (typeof runOrders)[number]

/** Stored with the run, so that whoever takes it over goes on by the same plan. */
export interface RunPlan {
  /** Tasks worked on at once. */
  readonly fanout: number
  /** Hosts of one batch: the next batch begins when all of one have ended. Null: no batches. */
  readonly batch: number | null
  /** When more tasks than this have failed, no further one is started. Null: all are started. */
  readonly maxFailures: number | null
  /** So long after its start a task is stopped, and so long after it was made the whole run. */
  readonly taskTimeoutMs: number | null
  readonly timeoutMs: number | null
  readonly order: RunOrder
}

/** What a request says of it. `batch` is a number of hosts, or a share of them: `5`, `20%`. */
export interface PlanRequest {
  readonly fanout?: number | undefined
  readonly batch?: string | undefined
  readonly maxFailures?: number | undefined
  readonly taskTimeoutMs?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly order?: RunOrder | undefined
}

/** The plan of a run on so many hosts. What is followed has no end, so all its hosts go at once. */
export function planOf(request: PlanRequest, source: Pick<Source, 'kind'>, hosts: number): RunPlan {
  const { fanoutDefault, tasksPerRunMax } = limits
  return {
    fanout: request.fanout ?? (source.kind === 'command' ? fanoutDefault : tasksPerRunMax),
    batch: request.batch === undefined ? null : batchSize(request.batch, hosts),
    maxFailures: request.maxFailures ?? null,
    taskTimeoutMs: request.taskTimeoutMs ?? null,
    timeoutMs: request.timeoutMs ?? null,
    order: request.order ?? 'given',
  }
}

/** A whole number of hosts, or a share of them in percent; not 0 of either. */
export const batchPattern: RegExp = /^(?:[1-9][0-9]{0,3}|(?:100|[1-9][0-9]?)%)$/

/** A share never is more hosts than it says, but always one. */
function batchSize(text: string, hosts: number): number {
  const number = Number.parseInt(text, 10)
  if (!text.endsWith('%')) return number
  return Math.max(1, Math.floor((hosts * number) / 100))
}

/** The plan of a stored run; of one from before there were plans, the one that it had gone by. */
export function storedPlan({ plan, source }: StoredRun): RunPlan {
  return plan ?? planOf({}, source, 0)
}

interface StoredRun {
  readonly plan?: RunPlan
  readonly source: Pick<Source, 'kind'>
}
