/** A rule as the engine has it: what it watches in which runs, when it fires and where that is told. */
import { AppError } from '../../shared/errors.ts'
import type { Inventory } from '../../shared/inventory.ts'
import type { AlertRequest, LineFilterRule, WebhookKind } from '../../shared/protocol/alerts.ts'
import type { Run, Task } from '../../shared/run.ts'
import { wordsOf } from '../../shared/run-filter.ts'
import { anyLine } from '../../shared/search-query.ts'
import { parseTarget, selectHosts } from '../../shared/target.ts'
import { patternOfTerm } from '../../shared/text-term.ts'
import type { LineRules } from '../search/match-lines.ts'
import type { Threshold } from './match-state.ts'

export interface AlertRule extends Omit<AlertRequest, 'webhooks'> {
  readonly name: string
  readonly version: number
  /** Lines that came earlier are not its business: it was made, changed or switched on then. */
  readonly since: number
  readonly webhooks: readonly SealedWebhook[]
}

export interface SealedWebhook {
  readonly id: string
  readonly kind: WebhookKind
  /** Host of its address, which may be shown. */
  readonly host: string
  /** Its address, sealed. */
  readonly url: string
  /** Its key or token, sealed; null without one. */
  readonly secret: string | null
}

export function thresholdOf({ count, withinSeconds, cooldownSeconds }: AlertRule): Threshold {
  return { count, withinMs: withinSeconds * 1000, cooldownMs: cooldownSeconds * 1000 }
}

/** Whether it is about this run at all. */
export function concerns({ enabled, runs }: AlertRule, run: Run, inventory: Inventory): boolean {
  if (!enabled) return false
  const { command, saved } = runs
  if (saved !== undefined && run.saved?.name !== saved) return false
  if (command !== undefined && !lower(wordsOf(run.source)).includes(lower(command))) return false
  return tasksOf(runs.target, run, inventory).length > 0
}

/** Which lines of the run it counts; null: none of them. Throws `bad-pattern`. */
export function lineRulesOf(
  { when, runs }: AlertRule,
  run: Run,
  inventory: Inventory,
): LineRules | null {
  if (when.kind !== 'lines') return null
  const { hosts } = when.filter
  const tasks = tasksOf(runs.target, run, inventory).filter(
    ({ host }) => hosts === undefined || hosts.includes(host),
  )
  if (tasks.length === 0) return null
  const isAll = tasks.length === run.tasks.length
  return { ...textRulesOf(when.filter), tasks: isAll ? null : tasks.map(({ id }) => id) }
}

/** Whether the end of the run is what it waits for. */
export function isWantedEnd({ when, runs }: AlertRule, run: Run, inventory: Inventory): boolean {
  if (when.kind !== 'end' || run.outcome === null) return false
  if (!when.outcomes.includes(run.outcome)) return false
  const codes = when.exitCodes
  if (codes === undefined) return true
  return tasksOf(runs.target, run, inventory).some(
    ({ exitCode }) => exitCode !== null && codes.includes(exitCode),
  )
}

function textRulesOf({ texts = [], channels, levels }: LineFilterRule): LineRules {
  return {
    ...anyLine,
    channels: channels ?? null,
    levels: levels ?? null,
    tasks: null,
    texts: texts.map(({ text, regex = false, case: caseRule = 'smart', not = false }) => ({
      pattern: patternOfTerm({ text, isRegex: regex, caseRule }),
      isInverse: not,
    })),
  }
}

/** A run may be on hosts that the inventory does not know: those count by their names. */
function tasksOf(target: string | undefined, run: Run, inventory: Inventory): readonly Task[] {
  const { tasks } = run
  if (target === undefined) return tasks
  const known = new Set(inventory.hosts.map(({ name }) => name))
  const others = tasks.filter(({ host }) => !known.has(host))
  const added = others.map(({ host }) => ({ name: host, groups: [], tags: [] }))
  const wanted = hostsOf(target, { hosts: [...inventory.hosts, ...added] })
  return tasks.filter(({ host }) => wanted.has(host))
}

/** None when a group or tag of the target is not known, or no longer. */
function hostsOf(target: string, inventory: Inventory): ReadonlySet<string> {
  try {
    return new Set(selectHosts(parseTarget(target), inventory))
  } catch (thrown) {
    if (thrown instanceof AppError) return new Set()
    throw thrown
  }
}

function lower(text: string): string {
  return text.toLowerCase()
}
