/**
 * Starts runs when their time has come. Of several nodes one takes a time on itself (by the version of
 * the record) and starts with a key made of schedule and time: so a time is started for once, also when
 * a node dies in the middle of it.
 */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import type { ScheduleEvent } from '../../shared/protocol/schedules.ts'
import { toStartRequest } from '../../shared/protocol/start-run.ts'
import type { Run } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Nodes } from '../nodes/nodes.ts'
import type { RunService } from '../runs/run-service.ts'
import type { SavedCommands } from '../saved-commands/saved-commands.ts'
import { startOf } from '../saved-commands/start-of.ts'
import { Troubles } from '../troubles.ts'
import type { CronTimes } from './cron-times.ts'
import { dueTimes } from './due.ts'
import type { NamedSchedule, ScheduleBook, ScheduleTrace } from './schedule-book.ts'

export interface SchedulerParts {
  readonly book: ScheduleBook
  readonly times: CronTimes
  readonly runs: Pick<RunService, 'start' | 'get'>
  readonly commands: Pick<SavedCommands, 'prepare'>
  readonly nodes: Pick<Nodes, 'own' | 'isAlive'>
  readonly clock: Clock
  readonly metrics: Metrics
  /** Tells the log of the process what cannot be started for. */
  readonly say: (text: string) => void
}

/** Until the signal aborts. Never rejects: a store that is away is asked again; times that pass meanwhile are missed ones. */
export async function runSchedules(parts: SchedulerParts, signal: AbortSignal): Promise<void> {
  const { clock, metrics, say } = parts
  const count = () => metrics.add('farglass_automation_failures_total', 1, { part: 'schedules' })
  const troubles = new Troubles({ say, count })
  while (!signal.aborted) {
    try {
      await round(parts, troubles, signal)
      troubles.works('What is scheduled')
    } catch (thrown) {
      troubles.failed('What is scheduled', thrown)
    }
    await clock.sleep(automationLimits.scheduleLookMs, signal)
  }
}

async function round(
  parts: SchedulerParts,
  troubles: Troubles,
  signal: AbortSignal,
): Promise<void> {
  const { book } = parts
  const [{ items: schedules }, traces] = await Promise.all([book.list(), book.traces()])
  for (const schedule of schedules) {
    if (signal.aborted) return
    const what = `The schedule "${schedule.name}"`
    try {
      const trace = traces.get(schedule.name) ?? (await book.trace(schedule.name))
      await turn({ schedule, trace }, parts)
      troubles.works(what)
    } catch (thrown) {
      // It holds up no other, and has its turn again in the next round.
      troubles.failed(what, thrown)
    }
  }
}

interface Entry {
  readonly schedule: NamedSchedule
  readonly trace: ScheduleTrace
}

async function turn({ schedule, trace }: Entry, parts: SchedulerParts): Promise<void> {
  const { book, nodes, metrics } = parts
  if (trace.open !== null) {
    const { owner } = trace.open
    if (owner !== nodes.own && (await nodes.isAlive(owner))) return
    const ours =
      owner === nodes.own ? trace : await book.save(schedule.name, taken(trace, nodes.own))
    if (ours !== undefined) await settleOpen({ schedule, trace: ours }, parts)
    return
  }
  const next = await nextTrace({ schedule, trace }, parts)
  if (next === undefined) return
  const stored = await book.save(schedule.name, next.trace)
  if (stored === undefined) return
  metrics.add('farglass_scheduled_starts_total', next.missed, { result: 'missed' })
  await settleOpen({ schedule, trace: stored }, parts)
}

function taken(trace: ScheduleTrace, owner: string): ScheduleTrace {
  return { ...trace, open: trace.open && { ...trace.open, owner } }
}

/** The trace with what is due taken on, and how many times were missed; undefined when nothing is. */
async function nextTrace({ schedule, trace }: Entry, parts: SchedulerParts) {
  if (!schedule.enabled) return undefined
  const { times, clock, nodes } = parts
  const pattern = await times.parse(schedule.cron, schedule.timeZone)
  const settled = Math.max(trace.settled, schedule.since)
  const due = dueTimes(pattern, { settled, now: clock.now(), missed: schedule.missed })
  if (due.settled === settled) return undefined
  const history = due.missed === null ? trace.history : [missedEvent(due.missed), ...trace.history]
  const open = due.start === null ? null : { due: due.start, owner: nodes.own }
  const missed = due.missed?.count ?? 0
  return { trace: { ...trace, settled: due.settled, open, history }, missed }
}

function missedEvent({ newest, count }: { newest: number; count: number }): ScheduleEvent {
  const times = count === 1 ? 'This time' : `This time and ${count - 1} before it`
  const problem = `${times} passed while no server ran, or its schedule was not looked at.`
  return { due: isoTime(newest), result: 'missed', run: null, problem }
}

/** Starts for the open time, unless its turn has not come. */
async function settleOpen({ schedule, trace }: Entry, parts: SchedulerParts): Promise<void> {
  const { open } = trace
  if (open === null) return
  const isBusy = schedule.overlap !== 'allow' && (await isRunning(trace.lastRun, parts))
  if (isBusy && schedule.overlap === 'queue' && schedule.enabled) return
  const outcome = isBusy ? skipped(open.due) : await started(schedule, open.due, parts)
  parts.metrics.add('farglass_scheduled_starts_total', 1, { result: outcome.result })
  await parts.book.save(schedule.name, {
    ...trace,
    open: null,
    lastRun: outcome.run ?? trace.lastRun,
    history: [outcome, ...trace.history],
  })
}

function skipped(due: number): ScheduleEvent {
  const problem = 'The run before had not ended.'
  return { due: isoTime(due), result: 'skipped', run: null, problem }
}

async function isRunning(run: string | null, { runs }: SchedulerParts): Promise<boolean> {
  if (run === null) return false
  try {
    return (await runs.get(run)).state !== 'ended'
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not-found') return false
    throw thrown
  }
}

async function started(
  schedule: NamedSchedule,
  time: number,
  parts: SchedulerParts,
): Promise<ScheduleEvent> {
  const due = isoTime(time)
  try {
    const { id } = await startFor(schedule, due, parts)
    return { due, result: 'started', run: id, problem: null }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return { due, result: 'failed', run: null, problem: thrown.message }
  }
}

async function startFor(schedule: NamedSchedule, due: string, parts: SchedulerParts): Promise<Run> {
  const { start } = await startOf(toStartRequest(schedule.start), parts.commands)
  // The same for every node, whatever has become of the schedule meanwhile.
  const key = { key: `schedule/${schedule.name}/${due}`, digest: 'schedule' }
  const startedBy = { kind: 'schedule', name: schedule.name } as const
  return parts.runs.start({ ...start, startedBy, key })
}
