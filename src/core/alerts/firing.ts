/** What an alert tells when it fires: which run, which lines, how many. Plain data, stored until it is sent. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { displayText } from '../../shared/display.ts'
import type { FiringNote } from '../../shared/protocol/alerts.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { wordsOf } from '../../shared/run-filter.ts'
import { isoTime } from '../../shared/time.ts'

export interface Firing {
  /** The same for the same event, however often it is judged or sent. */
  readonly id: string
  readonly alert: string
  readonly kind: 'lines' | 'end' | 'test'
  readonly time: string
  readonly run: FiringRun
  /** Matches that made it fire, matches that were held back before, and lines that were passed over. */
  readonly count: number
  readonly held: number
  readonly skipped: number
  /** The newest of the matching lines, oldest first. Texts of hosts. */
  readonly lines: readonly FiringLine[]
}

export interface FiringRun {
  readonly id: RunId
  readonly target: string
  /** What is run or followed, in one line and cut. */
  readonly source: string
  readonly outcome: string | null
  /** Of its tasks that have not succeeded: host and what became of it. Some of them, when they are many. */
  readonly failures: readonly string[]
}

export interface FiringLine {
  readonly pos: number
  readonly host: string
  readonly channel: string
  readonly time: string
  /** As it is shown: without escape sequences, hidden characters made visible, cut. */
  readonly text: string
}

/** A run as messages name it. */
export function firingRun({ id, target, source, outcome, tasks }: Run): FiringRun {
  const bad = tasks.filter(({ state, exitCode }) => state !== 'ended' || exitCode !== 0)
  const failures = outcome === null ? [] : bad.slice(0, automationLimits.alertLinesMax)
  return {
    id,
    target: cut(displayText(target)),
    source: cut(displayText(wordsOf(source))),
    outcome,
    failures: failures.map(({ host, state, exitCode, signal }) => {
      const how = signal ?? (exitCode === null ? state : `exit status ${exitCode}`)
      return cut(`${displayText(host)}: ${displayText(how)}`)
    }),
  }
}

/** What is shown of a host's text in a message. */
export function cut(text: string): string {
  const characters = Array.from(text.slice(0, 2 * automationLimits.alertLineCharsMax))
  if (characters.length <= automationLimits.alertLineCharsMax) return characters.join('')
  return `${characters.slice(0, automationLimits.alertLineCharsMax).join('')}…`
}

/** What is remembered of it, and what readers of firings are told. */
export function noteOf(firing: Firing): FiringNote {
  const { id, time } = firing
  return { id, time, title: titleOf(firing), path: pathOf(firing) }
}

/** The headline of a message: holds no text of a host. */
export function titleOf({ alert, kind, count, run }: Firing): string {
  switch (kind) {
    case 'lines':
      return `${alert}: ${count} matching ${count === 1 ? 'line' : 'lines'}`
    case 'end':
      return `${alert}: a run has ${run.outcome === 'lost' ? 'been lost' : (run.outcome ?? 'ended')}`
    case 'test':
      return `${alert}: a test`
  }
}

/** Path of the page: the first of the lines, or the run. */
export function pathOf({ kind, run, lines }: Firing): string {
  const [first] = lines
  if (kind === 'test') return '/alerts'
  return first === undefined ? `/runs/${run.id}` : linePath(run.id, first.pos)
}

export function linePath(run: RunId, pos: number): string {
  return `/runs/${run}#L${pos}`
}

/** The rest of what is worth knowing, a sentence each. */
export function remarksOf({ held, skipped }: Firing): readonly string[] {
  return [
    ...(held > 0 ? [`${held} more matched while the alert was silent.`] : []),
    ...(skipped > 0 ? [`${skipped} lines were passed over: matching them took too long.`] : []),
  ]
}

/** An example, for previews and tests. */
export function exampleFiring(alert: string, ms: number): Firing {
  const time = isoTime(ms)
  const run = 'r0000000000000000000000000'
  return {
    id: `${alert}/test/${ms}`,
    alert,
    kind: 'test',
    time,
    run: { id: run, target: 'web-1', source: 'an example', outcome: null, failures: [] },
    count: 1,
    held: 0,
    skipped: 0,
    lines: [{ pos: 0, host: 'web-1', channel: 'err', time, text: 'This is a test of an alert.' }],
  }
}
