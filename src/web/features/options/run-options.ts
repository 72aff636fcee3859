/** How the next run goes over its hosts, as it is typed, and as it is asked of the server. */
import { parseDuration, printDuration } from '../../../shared/duration.ts'
import { AppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import type { Run } from '../../../shared/run.ts'
import { batchPattern, type PlanRequest, runOrders } from '../../../shared/run-plan.ts'
import { optionsText } from '../../i18n/options-text.ts'

export const optionNames = ['fanout', 'batch', 'maxFailures', 'taskTimeout', 'timeout'] as const
export type OptionName = (typeof optionNames)[number]

/** Texts as they are typed; what is not there is as usual. */
export type RunOptions = Readonly<Partial<Record<OptionName | 'order' | 'sudo', string>>>

/** Throws with what is wrong in the first field that cannot be read. */
export function planRequest(options: RunOptions): PlanRequest {
  for (const name of optionNames) {
    const fault = faultOf(name, options[name] ?? '')
    if (fault !== null) throw new AppError('bad-request', fault)
  }
  const { fanout, batch, maxFailures, taskTimeout, timeout } = options
  return {
    ...(isSet(fanout) && { fanout: Number(fanout) }),
    ...(isSet(batch) && { batch: batch.trim() }),
    ...(isSet(maxFailures) && { maxFailures: Number(maxFailures) }),
    ...(isSet(taskTimeout) && { taskTimeoutMs: parseDuration(taskTimeout.trim()) }),
    ...(isSet(timeout) && { timeoutMs: parseDuration(timeout.trim()) }),
    ...(isSet(options.order) && { order: runOrders.find((known) => known === options.order) }),
  }
}

/** What is wrong with what stands in a field, as a sentence; null when it can be read. */
export function faultOf(name: OptionName, typed: string): string | null {
  const text = typed.trim()
  const o = optionsText.value
  if (text === '' || isGood[name](text)) return null
  return o.faults[name]
}

const isCount = (text: string, least: number): boolean =>
  /^[0-9]{1,5}$/.test(text) && Number(text) >= least && Number(text) <= limits.tasksPerRunMax

const isGood: Readonly<Record<OptionName, (text: string) => boolean>> = {
  fanout: (text) => isCount(text, 1),
  batch: (text) => batchPattern.test(text),
  maxFailures: (text) => isCount(text, 0),
  taskTimeout: (text) => parseDuration(text) !== undefined,
  timeout: (text) => parseDuration(text) !== undefined,
}

/** As a run had them; what a run on its own terms would have anyway is left out. */
export function optionsOf(run: Pick<Run, 'plan' | 'source' | 'sudo'>): RunOptions {
  const { plan, source, sudo } = run
  const isUsual = source.kind !== 'command' || plan.fanout === limits.fanoutDefault
  return {
    ...(!isUsual && { fanout: String(plan.fanout) }),
    ...(plan.batch !== null && { batch: String(plan.batch) }),
    ...(plan.maxFailures !== null && { maxFailures: String(plan.maxFailures) }),
    ...(plan.taskTimeoutMs !== null && { taskTimeout: printDuration(plan.taskTimeoutMs) }),
    ...(plan.timeoutMs !== null && { timeout: printDuration(plan.timeoutMs) }),
    ...(sudo === true && { sudo: 'yes' }),
    ...(plan.order !== 'given' && { order: plan.order }),
  }
}

/** What of it can be read, in a few words: `10 at once · batches of 5 · stops after 2 failures`. */
export function optionsSummary(options: RunOptions): string {
  const o = optionsText.value
  const { order, sudo } = options
  return [
    ...(isSet(sudo) ? [o.asRoot] : []),
    ...optionNames.flatMap((name) => {
      const typed = (options[name] ?? '').trim()
      return typed === '' || faultOf(name, typed) !== null ? [] : [o.summary[name](typed)]
    }),
    ...(order === 'sorted' || order === 'shuffled' ? [o.orders[order]] : []),
  ].join(' · ')
}

function isSet(typed: string | undefined): typed is string {
  return typed !== undefined && typed.trim() !== ''
}
