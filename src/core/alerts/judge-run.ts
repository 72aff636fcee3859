/** Judges one run from where it was judged before, line by line, until its end. */

import { automationLimits } from '../../shared/automation-limits.ts'
import { displayText, visibleText } from '../../shared/display.ts'
import type { Inventory } from '../../shared/inventory.ts'
import { textsOf } from '../../shared/line-group.ts'
import type { Run } from '../../shared/run.ts'
import { isoTime, parseTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Frame, RunService } from '../runs/run-service.ts'
import type { Matchers } from '../search/matchers.ts'
import type { AlertBook } from './alert-book.ts'
import type { RuleProgress, RunProgress } from './alert-records.ts'
import { type AlertRule, concerns, isWantedEnd, lineRulesOf, thresholdOf } from './alert-rule.ts'
import { cut, type Firing, type FiringLine, firingRun } from './firing.ts'
import { createLineJudge, type LineJudge, type Match } from './judge-lines.ts'
import { addMatch, heldBack, noMatches } from './match-state.ts'

export interface JudgeRunParts {
  readonly book: AlertBook
  readonly runs: Pick<RunService, 'readAlong' | 'read'>
  readonly matchers: Matchers
  readonly clock: Clock
  readonly metrics: Metrics
  /** Name of this node. */
  readonly own: string
  /** The rules as they are now. */
  readonly rules: () => readonly AlertRule[]
  readonly inventory: () => Inventory
  /** Fires, unless the alert is silent: then until when. */
  readonly fire: (rule: AlertRule, firing: Firing) => Promise<{ readonly quietUntil: number }>
}

/**
 * Returns after the end of the run is judged, or when the signal aborts. Rejects as the store does:
 * then it goes on from where it was judged.
 */
export async function judgeRun(
  first: { readonly run: Run; readonly cursor: number },
  parts: JudgeRunParts,
  signal: AbortSignal,
): Promise<void> {
  const { book, runs, own, clock } = parts
  const { id } = first.run
  const before = await book.progress(id)
  const judge = new RunJudge(first.run, before?.states ?? {}, parts)
  let cursor = before?.cursor ?? first.cursor
  const save = () => book.saveProgress(id, { owner: own, cursor, states: judge.states })
  await save()
  let savedAt = clock.elapsed()
  for await (const item of runs.readAlong(id, signal, cursor)) {
    if (item.kind === 'run') judge.run = item.run
    if (item.kind === 'reset') cursor = item.from
    if (item.kind === 'frame') {
      const hasFired = await judge.lines(item, signal)
      cursor = item.next
      if (!hasFired && clock.elapsed() - savedAt < automationLimits.alertProgressMs) continue
      await save()
      savedAt = clock.elapsed()
    }
    if (item.kind !== 'end') continue
    await judge.end(item.run)
    return book.endProgress(id)
  }
}

class RunJudge {
  run: Run
  #states: RunProgress['states']
  readonly #parts: JudgeRunParts
  readonly #judges = new Map<
    string,
    { readonly version: number; readonly judge: LineJudge | null }
  >()

  constructor(run: Run, states: RunProgress['states'], parts: JudgeRunParts) {
    this.run = run
    this.#states = states
    this.#parts = parts
  }

  /** Those in which something is counted. */
  get states(): RunProgress['states'] {
    return this.#states
  }

  /** Whether any alert has fired. */
  async lines(frame: Frame, signal: AbortSignal): Promise<boolean> {
    let hasFired = false
    for (const rule of this.#parts.rules()) {
      const judge = this.#judgeOf(rule)
      if (judge === null) continue
      const matches = await judge.look(frame, signal)
      if (matches === null) this.#passOver(rule, frame)
      else hasFired = (await this.#count(rule, matches)) || hasFired
    }
    return hasFired
  }

  async end(run: Run): Promise<void> {
    this.run = run
    for (const rule of this.#parts.rules()) {
      const inventory = this.#parts.inventory()
      if (!concerns(rule, run, inventory) || !isWantedEnd(rule, run, inventory)) continue
      const time = parseTime(run.endedAt ?? run.createdAt)
      if (time < rule.since) continue
      const event = { kind: 'end', place: 'end', time, count: 1, held: 0 } as const
      await this.#fire(rule, event)
    }
  }

  #judgeOf(rule: AlertRule): LineJudge | null {
    const known = this.#judges.get(rule.name)
    if (known?.version === rule.version) return known.judge
    const inventory = this.#parts.inventory()
    const isMeant = concerns(rule, this.run, inventory)
    const rules = isMeant ? lineRulesOf(rule, this.run, inventory) : null
    const judge = rules === null ? null : createLineJudge(rules, this.#parts)
    this.#judges.set(rule.name, { version: rule.version, judge })
    return judge
  }

  #passOver(rule: AlertRule, { pos, next }: Frame): void {
    const lines = next - pos
    this.#parts.metrics.add('farglass_alert_skipped_lines_total', lines)
    const state = this.#stateOf(rule)
    this.#keep(rule, { ...state, skipped: state.skipped + lines })
  }

  async #count(rule: AlertRule, matches: readonly Match[]): Promise<boolean> {
    let hasFired = false
    for (const { pos, time } of matches) {
      if (time < rule.since) continue
      const state = this.#stateOf(rule)
      const step = addMatch(state, thresholdOf(rule), time)
      const places = [...state.places, pos].slice(
        -Math.min(rule.count, automationLimits.alertLinesMax),
      )
      this.#keep(rule, { ...state, ...step.state, places })
      if (step.fires === null) continue
      hasFired = true
      await this.#fire(rule, { kind: 'lines', place: String(pos), time, ...step.fires })
    }
    return hasFired
  }

  async #fire(rule: AlertRule, { kind, place, time, count, held }: Event): Promise<void> {
    const state = this.#stateOf(rule)
    const firing: Firing = {
      id: `${rule.name}/${this.run.id}/${place}`,
      alert: rule.name,
      kind,
      time: isoTime(time),
      run: firingRun(this.run),
      count,
      held,
      skipped: state.skipped,
      lines: kind === 'end' ? [] : await this.#linesAt(state.places),
    }
    const { quietUntil } = await this.#parts.fire(rule, firing)
    const silent = heldBack(noMatches, quietUntil, 0)
    this.#keep(rule, { ...state, ...silent, places: [], skipped: 0 })
  }

  async #linesAt(places: readonly number[]): Promise<readonly FiringLine[]> {
    const { runs } = this.#parts
    const lines: FiringLine[] = []
    for (const pos of places) {
      const [group] = await runs.read(this.run.id, pos, 1)
      if (group === undefined || pos < group.pos) continue
      const { task, channel, time } = group
      const host = this.run.tasks.find(({ id }) => id === task)?.host ?? ''
      const text = cut(displayText(visibleText(textsOf(group)[pos - group.pos] ?? '')))
      lines.push({ pos, host: cut(displayText(host)), channel, time: isoTime(time), text })
    }
    return lines
  }

  #stateOf({ name, since }: AlertRule): RuleProgress {
    const state = Object.hasOwn(this.#states, name) ? this.#states[name] : undefined
    if (state?.since === since) return state
    return { ...noMatches, since, places: [], skipped: 0 }
  }

  #keep({ name }: AlertRule, state: RuleProgress): void {
    this.#states = { ...this.#states, [name]: state }
  }
}

interface Event {
  readonly kind: 'lines' | 'end'
  /** Tells the events of an alert in a run apart. */
  readonly place: string
  readonly time: number
  readonly count: number
  readonly held: number
}
