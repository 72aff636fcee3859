/** The worker of retention in a server: of several nodes one looks at a time, and again after a while. */
import { toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { sizeText } from '../../shared/retention.ts'
import type { Clock } from '../clock.ts'
import { logText } from '../log-text.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { RecordStore } from '../store/record-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import type { Applied, Retention } from './retention.ts'
import { turnName, turnType } from './retention-records.ts'

export interface RetentionWorkerParts {
  readonly retention: Retention
  readonly records: RecordStore
  readonly clock: Clock
  readonly metrics: Pick<Metrics, 'add'>
  /** From 0 to 1, so that nodes do not look at the same moment. */
  readonly random: () => number
  /** Tells the log of the process what was removed, and why nothing can be. */
  readonly say: (text: string) => void
}

export interface RetentionWorker {
  /** Looks at once: the policy has changed. */
  readonly wake: () => void
  /** Lets go of what it is about and ends. */
  readonly close: () => Promise<void>
}

/** Never fails: what cannot be removed now is tried at the next look. */
export function keepRetention(parts: RetentionWorkerParts): RetentionWorker {
  const stop = new AbortController()
  const wakeUp = { isWanted: false, now: () => {} }
  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const nap = new AbortController()
      wakeUp.now = () => nap.abort()
      const { isWanted } = wakeUp
      wakeUp.isWanted = false
      await look(parts, isWanted, stop.signal)
      if (stop.signal.aborted) return
      await parts.clock.sleep(limits.retentionEveryMs * (0.5 + parts.random()), nap.signal)
    }
  }
  const working = work()
  return {
    wake: () => {
      wakeUp.isWanted = true
      wakeUp.now()
    },
    close: async () => {
      stop.abort()
      wakeUp.now()
      await working
    },
  }
}

async function look(
  { retention, records, clock, metrics, say }: RetentionWorkerParts,
  isWanted: boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (!(await retention.isNeeded())) return
    if (!isWanted && !(await takeTurn(records, clock.now()))) return
    const gone = await retention.apply(signal)
    metrics.add('farglass_retention_removed_runs_total', gone.lines.runs)
    metrics.add('farglass_retention_removed_bytes_total', gone.lines.bytes)
    if (gone.lines.runs > 0 || gone.rows > 0) say(appliedSentence(gone))
  } catch (thrown) {
    metrics.add('farglass_retention_failures_total')
    say(
      `Retention could not remove what it should, and tries again: ${logText(toAppError(thrown))}`,
    )
  }
}

/** Whether nobody has looked within this time; then nobody else does within the next one. */
async function takeTurn(records: RecordStore, now: number): Promise<boolean> {
  const turns = new TypedRecords(records, turnType)
  const { version, value: last = -Infinity } = await turns.state(turnName)
  if (now - last < limits.retentionEveryMs / 2) return false
  try {
    await turns.put(turnName, now, version)
    return true
  } catch (thrown) {
    if (toAppError(thrown).code === 'conflict') return false
    throw thrown
  }
}

function appliedSentence({ lines, rows }: Applied): string {
  const of = (count: number) => (count === 1 ? '1 run' : `${count} runs`)
  const parts = [
    ...(lines.runs > 0 ? [`the lines of ${of(lines.runs)} (${sizeText(lines.bytes)})`] : []),
    ...(rows > 0 ? [`${of(rows)} from the list`] : []),
  ]
  return `Retention has removed ${parts.join(' and ')}.`
}
