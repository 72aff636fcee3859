/** Feeds of runs that this process does not carry: ended ones, and those of other processes. */
import { limits } from '../../shared/limits.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { type FeedOptions, RunFeed } from '../feed/run-feed.ts'
import type { RunNews } from '../nodes/run-watch.ts'
import { ForeignFeed, type ForeignParts } from './foreign-feed.ts'

export interface ForeignFeedsParts extends ForeignParts {
  readonly onViewers: NonNullable<FeedOptions['onViewers']>
}

export class ForeignFeeds {
  readonly #parts: ForeignFeedsParts
  readonly #watched = new Map<RunId, Watched>()

  constructor(parts: ForeignFeedsParts) {
    this.#parts = parts
  }

  feed(run: Run): RunFeed {
    const known = this.#watched.get(run.id)
    if (known !== undefined) {
      known.foreign.hearRun(run)
      return known.feed
    }
    const { clock, onViewers } = this.#parts
    const feed = new RunFeed(run, clock, { onViewers })
    if (run.state !== 'ended') {
      const watched = { feed, foreign: new ForeignFeed(feed, this.#parts) }
      this.#watched.set(run.id, watched)
      void this.#watch(watched)
    }
    return feed
  }

  /** How many of them somebody follows now. */
  get followed(): number {
    return [...this.#watched.values()].filter(({ feed }) => feed.followers > 0).length
  }

  /** This process carries the run from now on: followers look for its feed anew. */
  drop(id: RunId): void {
    this.#watched.get(id)?.feed.detach()
    this.#watched.delete(id)
  }

  /**
   * While somebody follows it, the run is looked at now and then even if nothing is heard of it: a
   * bell may get lost. Once at least, so that who is about to join finds the feed alive.
   */
  async #watch(watched: Watched): Promise<void> {
    const { feed, foreign } = watched
    const { id } = feed.run
    const { watch, clock, metrics } = this.#parts
    const over = new AbortController()
    const hear = (news: RunNews) => {
      metrics.add('farglass_foreign_rings_total')
      foreign.hear(news)
    }
    watch.watch(id, hear, over.signal)
    do {
      foreign.hear({ kind: 'state' })
      await clock.sleep(limits.foreignRunLookMs)
    } while (feed.followers > 0 && feed.run.state !== 'ended' && !feed.isDetached)
    over.abort()
    foreign.close()
    if (this.#watched.get(id) === watched) this.#watched.delete(id)
  }
}

interface Watched {
  readonly feed: RunFeed
  readonly foreign: ForeignFeed
}
