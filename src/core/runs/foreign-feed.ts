/** Feeds the followers of a run that another process carries: reads the store after its own position. */

import { givenAnewFrom, knowsEpoch } from '../../shared/epochs.ts'
import { limits } from '../../shared/limits.ts'
import { isFinal, type Run } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { PartialNews, RunNews, RunWatch } from '../nodes/run-watch.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { shownOf } from './task-states.ts'

export interface ForeignParts {
  readonly log: Pick<LogStore, 'read' | 'bounds'>
  readonly catalog: Pick<RunCatalog, 'get'>
  readonly clock: Clock
  readonly metrics: Metrics
  readonly watch: RunWatch
}

/**
 * However many follow, a batch costs this process one read. One read is under way at a time; what is
 * heard meanwhile only says that there is more. Lines come at once; the run's and its tasks' states,
 * which are larger, at most every `foreignRunPollMs`.
 */
export class ForeignFeed {
  readonly #feed: RunFeed
  readonly #parts: ForeignParts
  #hasLines = false
  #hasState = false
  #isReading = false
  #isClosed = false
  #cancelLook: (() => void) | undefined
  #lastLook = Number.NEGATIVE_INFINITY
  /** Unfinished lines that wait for the lines before them. */
  #partials: PartialNews[] = []
  /** Position after the last line of each task and channel that was read. */
  readonly #ends = new Map<string, number>()

  constructor(feed: RunFeed, parts: ForeignParts) {
    this.#feed = feed
    this.#parts = parts
  }

  hear(news: RunNews): void {
    if (this.#isClosed) return
    if (news.kind === 'partial') {
      this.#partials = this.#partials.filter((old) => keyOf(old) !== keyOf(news))
      this.#partials.push(news)
      this.#showPartials()
      return
    }
    this.#hasLines = true
    this.#lookLater()
    void this.#read()
  }

  /** The run as somebody has just read it from the store: it may be newer than what was heard. */
  hearRun(run: Run): void {
    if (this.#isClosed || knowsEpoch(this.#feed.run, run.epoch)) return
    this.#takeOwnership(run)
    this.hear({ kind: 'state' })
  }

  close(): void {
    this.#isClosed = true
    this.#cancelLook?.()
  }

  /** What lines change of the tasks is looked at as well, but not for each of them. */
  #lookLater(): void {
    const due = this.#lastLook + limits.foreignRunPollMs - this.#parts.clock.elapsed()
    if (due <= 0) {
      this.#hasState = true
      return
    }
    this.#cancelLook ??= this.#parts.clock.after(due, () => {
      this.#cancelLook = undefined
      this.#hasState = true
      void this.#read()
    })
  }

  async #read(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (!this.#isClosed && !this.#feed.isDetached && (this.#hasLines || this.#hasState)) {
        if (this.#hasLines) await this.#readLines()
        else await this.#look()
      }
    } catch {
      // A busy or broken store is asked again; followers keep what they have.
      this.#lookLater()
    }
    this.#isReading = false
  }

  async #readLines(): Promise<void> {
    const { id, epoch } = this.#feed.run
    const { log } = this.#parts
    this.#hasLines = false
    this.#parts.metrics.add('farglass_foreign_reads_total')
    const reading = log.read(id, this.#feed.stored, limits.catchUpBytesMax)
    const [groups, bounds] = await Promise.all([reading, log.bounds(id)])
    if (bounds.epoch !== epoch || this.#feed.run.epoch !== epoch) {
      // They may be another history's: first it is looked whose they are, and from where on.
      this.#hasState = true
      return
    }
    if (groups.length === 0) return
    for (const group of groups) this.#ends.set(keyOf(group), group.pos + group.count)
    this.#feed.publish(groups)
    this.#hasLines = true
    this.#showPartials()
  }

  async #look(): Promise<void> {
    this.#hasState = false
    this.#lastLook = this.#parts.clock.elapsed()
    const { id, epoch } = this.#feed.run
    const run = await this.#parts.catalog.get(id)
    if (run === undefined) return
    // Somebody has read it later than this, and told.
    if (this.#feed.run.epoch !== epoch) return this.hear({ kind: 'state' })
    this.#takeOwnership(run)
    // A state is shown behind the lines that were stored with it.
    while (this.#feed.stored < run.next && !this.#isClosed) {
      await this.#readLines()
      if (!this.#hasLines) return this.#lookLater()
    }
    if (this.#feed.run.epoch === run.epoch) this.#show(run)
    else this.#hasState = true
  }

  /** When another one carries the run, what the store had lost by then is void. Its state comes behind its lines. */
  #takeOwnership({ epoch, epochs, reset, ...run }: Run): void {
    const feed = this.#feed
    if (epoch === feed.run.epoch) return
    const from = givenAnewFrom({ epochs }, { cursor: feed.stored, epochs: feed.run.epochs })
    const owned = { ...feed.run, epoch, epochs, reset }
    if (from === null) return feed.setRun(owned)
    const { next, lines, gaps } = run
    feed.rewind({ ...owned, next, lines, gaps }, from)
    this.#ends.clear()
    this.#hasLines = true
  }

  #show(run: Run): void {
    const feed = this.#feed
    for (const task of run.tasks) {
      const old = feed.run.tasks.find((known) => known.id === task.id)
      if (old === undefined || (!isFinal(old.state) && shownOf(old) !== shownOf(task)))
        feed.setTask(task)
    }
    if (run.state === 'ended') feed.end(run)
    else if (run.state !== feed.run.state || run.first !== feed.run.first) feed.setRun(run)
  }

  /** One that its line has overtaken is not shown any more. */
  #showPartials(): void {
    const due = this.#partials.filter(({ at }) => at <= this.#feed.stored)
    this.#partials = this.#partials.filter((partial) => !due.includes(partial))
    for (const { kind: _, at, ...partial } of due) {
      if ((this.#ends.get(keyOf(partial)) ?? 0) <= at) this.#feed.setPartial(partial)
    }
  }
}

function keyOf({ task, channel }: { readonly task: number; readonly channel: string }): string {
  return `${task} ${channel}`
}
