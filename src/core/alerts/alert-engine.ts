/**
 * Follows the runs that this node carries while there are alerts for them, and fires. It only reads
 * along: a slow pattern or webhook makes it late, and nobody else.
 */
import { AppError } from '../../shared/errors.ts'
import type { Inventory } from '../../shared/inventory.ts'
import { limits } from '../../shared/limits.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { parseTime } from '../../shared/time.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { Nodes } from '../nodes/nodes.ts'
import type { OwnRuns } from '../runs/own-runs.ts'
import type { RunService } from '../runs/run-service.ts'
import type { Matchers } from '../search/matchers.ts'
import { Troubles } from '../troubles.ts'
import type { OpenFiring } from './alert-records.ts'
import { type AlertRule, concerns } from './alert-rule.ts'
import { Deliveries, type DeliveryParts } from './deliveries.ts'
import { type Firing, noteOf } from './firing.ts'
import type { FiringFeed } from './firing-feed.ts'
import { judgeRun } from './judge-run.ts'
import { type LinkedAbort, linkedAbort } from './linked-abort.ts'
import { createTurns, type Turns } from './turns.ts'

export interface AlertEngineParts extends DeliveryParts {
  readonly runs: Pick<RunService, 'get' | 'readAlong' | 'read'>
  readonly matchers: Matchers
  readonly nodes: Pick<Nodes, 'own' | 'isAlive'>
  readonly inventory: HostInventory
  readonly feed: Pick<FiringFeed, 'add'>
  /** Tells the log of the process what cannot be judged or told. */
  readonly say: (text: string) => void
}

export interface AlertEngine extends OwnRuns {
  /** Reads the rules again, and takes over what dead nodes have left, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** The rules have changed here: resolves when they are in force, whatever the store says. */
  changed(): Promise<void>
}

export function createAlertEngine(parts: AlertEngineParts): AlertEngine {
  return new Engine(parts)
}

class Engine implements AlertEngine {
  readonly #parts: AlertEngineParts
  readonly #deliveries: Deliveries
  readonly #troubles: Troubles
  /** Carried here and not ended. */
  readonly #own = new Map<RunId, Run>()
  readonly #followed = new Map<RunId, LinkedAbort>()
  readonly #telling = new Set<string>()
  /** One after the other, so that no older answer comes over a newer one. */
  readonly #reads: Turns = createTurns(1)
  #rules: readonly AlertRule[] = []
  #versions = ''
  #inventory: Inventory = { hosts: [] }
  /** Runs that came before the rules were read the first time. */
  #early: Run[] | null = []
  #signal = new AbortController().signal

  constructor(parts: AlertEngineParts) {
    this.#parts = parts
    this.#deliveries = new Deliveries(parts)
    const { say, metrics } = parts
    const count = () => metrics.add('farglass_automation_failures_total', 1, { part: 'alerts' })
    this.#troubles = new Troubles({ say, count })
  }

  began(run: Run): void {
    this.#own.set(run.id, run)
    this.#consider(run, 0)
  }

  ended(run: Run): void {
    this.#own.delete(run.id)
    // Who follows it reads to its end. It may have begun elsewhere, or ended before a new rule was read.
    this.#consider(run, 0)
  }

  taken(id: RunId): void {
    this.#own.delete(id)
    this.#followed.get(id)?.abort()
  }

  async changed(): Promise<void> {
    try {
      await this.#reads.run(() => this.#readRules())
    } catch (thrown) {
      // The change is stored; it is in force when the rules are read the next time.
      this.#troubles.failed(rulesAndRest, thrown)
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts
    this.#signal = signal
    let looksAgainAt = -Infinity
    while (!signal.aborted) {
      try {
        await this.#reads.run(() => this.#readRules())
        if (clock.elapsed() >= looksAgainAt) {
          await this.#takeOver()
          looksAgainAt = clock.elapsed() + limits.takeOverEveryMs
        }
        this.#troubles.works(rulesAndRest)
      } catch (thrown) {
        // A store that is away is asked again; what is not judged yet is judged then.
        this.#troubles.failed(rulesAndRest, thrown)
      }
      await clock.sleep(limits.recordsReadEveryMs, signal)
    }
  }

  async #readRules(): Promise<void> {
    this.#rules = (await this.#parts.book.list()).items.filter(({ enabled }) => enabled)
    const asksHosts = this.#rules.some(({ runs }) => runs.target !== undefined)
    if (asksHosts) this.#inventory = await this.#parts.inventory.read()
    const early = this.#early ?? []
    this.#early = null
    const versions = this.#rules.map(({ version }) => version).join()
    if (versions === this.#versions && early.length === 0) return
    this.#versions = versions
    for (const run of early) this.#consider(run, 0)
    await this.#begin()
    for (const [id, stop] of this.#followed) {
      const run = this.#own.get(id)
      if (run !== undefined && !this.#isWatched(run)) stop.abort()
    }
  }

  /** With runs that are under way while a rule for them has come. */
  async #begin(): Promise<void> {
    for (const run of this.#own.values()) {
      if (this.#followed.has(run.id) || !this.#isWatched(run)) continue
      const began = parseTime(run.createdAt)
      const isOld = this.#rules.some(
        (rule) => concerns(rule, run, this.#inventory) && rule.since <= began,
      )
      // A rule that has come later begins with the lines that come from now on.
      this.#consider(run, isOld ? 0 : (await this.#parts.runs.get(run.id)).next)
    }
  }

  #isWatched(run: Run): boolean {
    return this.#rules.some((rule) => concerns(rule, run, this.#inventory))
  }

  #consider(run: Run, cursor: number): void {
    if (this.#early !== null) this.#early.push(run)
    else if (!this.#followed.has(run.id) && this.#isWatched(run)) this.#follow(run, cursor)
  }

  #follow(run: Run, cursor: number): void {
    const stop = linkedAbort(this.#signal)
    this.#followed.set(run.id, stop)
    this.#parts.metrics.set('farglass_alert_runs', this.#followed.size)
    // It takes every fault itself.
    void this.#judge({ run, cursor }, stop.signal).finally(() => {
      stop[Symbol.dispose]()
      this.#followed.delete(run.id)
      this.#parts.metrics.set('farglass_alert_runs', this.#followed.size)
    })
  }

  /** Again and again while the store is away; not for a run that is gone. */
  async #judge(first: { readonly run: Run; readonly cursor: number }, signal: AbortSignal) {
    const { clock, nodes } = this.#parts
    const parts = {
      ...this.#parts,
      own: nodes.own,
      rules: () => this.#rules,
      inventory: () => this.#inventory,
      fire: (rule: AlertRule, firing: Firing) => this.#fire(rule, firing),
    }
    const { id } = first.run
    const what = `What alerts look for in the run ${id}`
    while (!signal.aborted) {
      try {
        await judgeRun(first, parts, signal)
        return this.#troubles.works(what)
      } catch (thrown) {
        if (signal.aborted || (await this.#isGone(id))) break
        this.#troubles.failed(what, thrown)
        await clock.sleep(limits.recordsReadEveryMs, signal)
      }
    }
    this.#troubles.forget(what)
  }

  /** One that was removed meanwhile has nothing left to judge; how far it was is forgotten by who takes over. */
  async #isGone(id: RunId): Promise<boolean> {
    try {
      return (await this.#parts.runs.get(id).catch(nullWhenGone)) === null
    } catch {
      return false
    }
  }

  /** One event fires once, over all runs and nodes, and not while the alert is silent. */
  async #fire(rule: AlertRule, firing: Firing): Promise<{ readonly quietUntil: number }> {
    const { book, feed, nodes, metrics } = this.#parts
    const time = parseTime(firing.time)
    let isOurs = false
    const trace = await book.change(rule.name, (before) => {
      isOurs = before.last === firing.id || time >= before.quietUntil
      if (before.last === firing.id) return before
      if (!isOurs) return { ...before, held: before.held + firing.count }
      return {
        ...before,
        last: firing.id,
        quietUntil: time + rule.cooldownSeconds * 1000,
        fired: before.fired + 1,
        skipped: before.skipped + firing.skipped,
        firings: [noteOf(firing), ...before.firings],
      }
    })
    if (!isOurs) return { quietUntil: trace.quietUntil }
    const { name: alert, desktop } = rule
    await feed.add({ ...noteOf(firing), alert, desktop })
    metrics.add('farglass_alerts_fired_total', 1, { kind: firing.kind })
    const open: OpenFiring = { owner: nodes.own, firing, done: [] }
    if (rule.webhooks.length > 0) {
      await book.saveFiring(open)
      this.#tell(open)
    }
    return { quietUntil: trace.quietUntil }
  }

  #tell(open: OpenFiring): void {
    const { id } = open.firing
    if (this.#telling.has(id)) return
    this.#telling.add(id)
    const what = `The message of the alert "${open.firing.alert}"`
    void this.#deliveries
      .tell(open, this.#signal)
      .then(
        () => this.#troubles.works(what),
        // What the store refuses stays there, and is tried again at the next look.
        (thrown: unknown) => this.#troubles.failed(what, thrown),
      )
      .finally(() => this.#telling.delete(id))
  }

  /** Runs that a dead node has not judged to their end, and firings that it has not told. */
  async #takeOver(): Promise<void> {
    const { book, nodes, runs } = this.#parts
    const isLeft = async (owner: string) => owner === nodes.own || !(await nodes.isAlive(owner))
    for (const open of await book.openFirings()) {
      if (!this.#telling.has(open.firing.id) && (await isLeft(open.owner))) {
        const ours = { ...open, owner: nodes.own }
        await book.saveFiring(ours)
        this.#tell(ours)
      }
    }
    for (const { run: id, owner } of await book.allProgress()) {
      if (this.#followed.has(id) || !(await isLeft(owner))) continue
      const run = await runs.get(id).catch(nullWhenGone)
      if (run === null) await book.endProgress(id)
      // Who takes over one that still goes on hears of it.
      if (run?.state !== 'ended') continue
      if (this.#isWatched(run)) this.#follow(run, 0)
      else await book.endProgress(id)
    }
  }
}

/** As a sentence of the log begins with it. */
const rulesAndRest = 'What alerts look for'

function nullWhenGone(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'not-found') return null
  throw thrown
}
