/** Feeds of runs that this process does not carry: ended ones, and those of other processes. */
import { limits } from '../../shared/limits.ts'
import { isFinal, type Run, type RunId } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import { RunFeed } from '../feed/run-feed.ts'
import type { RunCatalog } from '../store/run-catalog.ts'

/** Another process rings no bell here, so its runs are looked at while somebody follows them. */
export class ForeignFeeds {
  readonly #catalog: RunCatalog
  readonly #clock: Clock
  readonly #watched = new Map<RunId, RunFeed>()

  constructor(catalog: RunCatalog, clock: Clock) {
    this.#catalog = catalog
    this.#clock = clock
  }

  feed(run: Run): RunFeed {
    const known = this.#watched.get(run.id)
    if (known !== undefined) return known
    const feed = new RunFeed(run, this.#clock)
    if (run.state !== 'ended') {
      this.#watched.set(run.id, feed)
      void this.#watch(feed)
    }
    return feed
  }

  /** At least one look, so that a follower which is about to join finds the feed alive. */
  async #watch(feed: RunFeed): Promise<void> {
    const { id } = feed.run
    do {
      await this.#clock.sleep(limits.foreignRunPollMs)
      const run = await this.#look(id)
      if (run !== undefined) update(feed, run)
    } while (feed.followers > 0 && feed.run.state !== 'ended')
    this.#watched.delete(id)
  }

  async #look(id: RunId): Promise<Run | undefined> {
    try {
      return await this.#catalog.get(id)
    } catch {
      return undefined // A busy or broken store is asked again; followers keep what they have.
    }
  }
}

function update(feed: RunFeed, run: Run): void {
  if (run.next !== feed.run.next) feed.moveTo(run)
  for (const task of run.tasks) {
    const old = feed.run.tasks.find((known) => known.id === task.id)
    if (old === undefined || (!isFinal(old.state) && old.state !== task.state)) feed.setTask(task)
  }
  if (run.state === 'ended') feed.end(run)
  else if (run.state !== feed.run.state) feed.setRun(run)
}
