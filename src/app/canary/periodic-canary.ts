/** The canary of `farglass serve`: every so often, on each host, told to `/metrics` and, when bad, to the log. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FarglassApi } from '../../client/api.ts'
import type { Metrics } from '../../core/metrics/metrics.ts'
import { toAppError } from '../../shared/errors.ts'
import type { RunId, Task } from '../../shared/run.ts'
import { faultNames } from './canary-check.ts'
import { type CanaryReport, summaryOf } from './canary-report.ts'
import { type CanaryQuestions, runCanary } from './canary-run.ts'

export interface PeriodicCanary {
  /** Of the server itself, over HTTP: the lines take the way that they take to any viewer. */
  readonly api: FarglassApi
  /** Looked up anew before each round. */
  readonly target: string
  readonly everyMs: number
  readonly metrics: Metrics
  /** Writes a line to the log. */
  readonly say: (text: string) => void
}

/** Large enough for several batches and many stamps, small enough to be no load. */
export const canaryLinesDefault = 1_000

/** Seeds of stdout; that of stderr is one more. */
export const canarySeedMax = 9_998

/** Runs until the returned function is called, which resolves when nothing is under way any more. */
export function startPeriodicCanary(parts: PeriodicCanary): () => Promise<void> {
  const closing = new AbortController()
  const work = carry(parts, closing.signal)
  return async () => {
    closing.abort()
    await work
  }
}

async function carry(parts: PeriodicCanary, signal: AbortSignal): Promise<void> {
  const bad = new Set<string>()
  while (!signal.aborted) {
    for (const host of await hostsOf(parts)) {
      const report = await runCanary({
        api: parts.api,
        questionsOf: (run) => refuseQuestions(parts.api, run),
        host,
        lines: canaryLinesDefault,
        seed: randomInt(1, canarySeedMax + 1),
        signal,
      })
      if (signal.aborted) return
      setFigures(parts.metrics, report)
      tell(report, bad, parts.say)
    }
    await sleep(parts.everyMs, undefined, { signal }).catch(() => undefined)
  }
}

/** None, and a line in the log, when the inventory does not know the target at this time. */
async function hostsOf({ api, target, say }: PeriodicCanary): Promise<readonly string[]> {
  try {
    const { hosts, complaint } = await api.target(target)
    if (complaint !== undefined) say(`The canary has no host: ${complaint.message}`)
    return hosts
  } catch (thrown) {
    say(`The canary has no host: ${toAppError(thrown).message}`)
    return []
  }
}

/** Nobody is there to answer, and the page must not ask whoever has it open. */
function refuseQuestions(api: FarglassApi, run: RunId): CanaryQuestions {
  const refused = new Set<number>()
  return {
    take: ({ id, question }: Task) => {
      if (question === null || refused.has(question.id)) return
      refused.add(question.id)
      // One that was withdrawn meanwhile needs no answer.
      api.answer(run, id, { kind: 'cancel', question: question.id }).catch(() => undefined)
    },
    close: () => undefined,
  }
}

function setFigures(metrics: Metrics, { host, good, lines, latency }: CanaryReport): void {
  metrics.add('farglass_canary_checks_total', good ? 1 : 0, { host, result: 'good' })
  metrics.add('farglass_canary_checks_total', good ? 0 : 1, { host, result: 'bad' })
  metrics.set('farglass_canary_good', good ? 1 : 0, { host })
  metrics.add('farglass_canary_sent_lines_total', lines.sent, { host })
  for (const fault of faultNames) {
    metrics.add('farglass_canary_faulty_lines_total', lines[fault], { host, fault })
  }
  if (good) metrics.set('farglass_canary_last_good_timestamp_seconds', Date.now() / 1_000, { host })
  if (latency === null) return
  metrics.set('farglass_canary_latency_p50_seconds', latency.p50.maxMs / 1_000, { host })
  metrics.set('farglass_canary_latency_p99_seconds', latency.p99.maxMs / 1_000, { host })
}

/** Each bad one, and the first good one after it. */
function tell(report: CanaryReport, bad: Set<string>, say: (text: string) => void): void {
  const { host, good, problems, remark } = report
  if (!good) {
    const [first = '', ...rest] = problems
    const all = report.lines.sent === 0 ? [first, ...rest] : [`${summaryOf(report)}.`, ...problems]
    say(`canary ${host}: ${all.join(' ')}`)
    bad.add(host)
  } else if (bad.delete(host)) {
    say(`canary ${host}: good again: ${summaryOf(report)}.`)
  }
  if (remark !== undefined) say(`canary ${host}: ${remark}`)
}
