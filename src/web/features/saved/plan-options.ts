/** The plan of a saved command as the options of a run are typed. */
import { printDuration } from '../../../shared/duration.ts'
import type { PlanRequest } from '../../../shared/run-plan.ts'
import type { RunOptions } from '../options/run-options.ts'

export function planOptions(plan: PlanRequest): RunOptions {
  const { fanout, batch, maxFailures, taskTimeoutMs, timeoutMs, order } = plan
  return {
    ...(fanout !== undefined && { fanout: String(fanout) }),
    ...(batch !== undefined && { batch }),
    ...(maxFailures !== undefined && { maxFailures: String(maxFailures) }),
    ...(taskTimeoutMs !== undefined && { taskTimeout: printDuration(taskTimeoutMs) }),
    ...(timeoutMs !== undefined && { timeout: printDuration(timeoutMs) }),
    ...(order !== undefined && { order }),
  }
}
