/** Tells those who follow a run how many they are, over all nodes, and which lines somebody has marked. */
import { limits } from '../../shared/limits.ts'
import type { Mark, MarkChange } from '../../shared/mark.ts'
import type { RunId } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { RunWord, RunWords } from '../nodes/run-words.ts'
import type { RunCatalog } from '../store/run-catalog.ts'

export interface RunViewersParts {
  readonly clock: Clock
  readonly catalog: Pick<RunCatalog, 'mark' | 'marks'>
  readonly words: RunWords
  /** Name of this node. */
  readonly own: string
}

export class RunViewers {
  readonly #parts: RunViewersParts
  /** Feeds that somebody follows here. */
  readonly #watched = new Map<RunFeed, Watched>()
  /** What viewers here call themselves: one for each of them that says so. */
  readonly #names = new Map<RunId, string[]>()

  constructor(parts: RunViewersParts) {
    this.#parts = parts
  }

  /** Somebody has begun to follow, or left: told a moment later, since who reconnects does both. */
  changed(feed: RunFeed): void {
    let watched = this.#watched.get(feed)
    if (watched === undefined) {
      watched = { over: new AbortController(), others: new Map(), cancel: null }
      this.#watched.set(feed, watched)
      this.#parts.words.hear(feed.run.id, (word) => this.#hear(feed, word), watched.over.signal)
    }
    watched.cancel?.()
    watched.cancel = this.#parts.clock.after(limits.viewersSettleMs, () => this.#tell(feed))
  }

  /** Told with the viewers, who come and go at the same moments. */
  name(id: RunId, name: string): () => void {
    this.#names.set(id, [...(this.#names.get(id) ?? []), name])
    return () => {
      const left = [...(this.#names.get(id) ?? [])]
      left.splice(left.indexOf(name), 1)
      if (left.length === 0) this.#names.delete(id)
      else this.#names.set(id, left)
    }
  }

  async mark(id: RunId, change: MarkChange): Promise<readonly Mark[]> {
    const marks = await this.#parts.catalog.mark(id, change)
    for (const feed of this.#watched.keys()) if (feed.run.id === id) feed.setMarks(marks)
    this.#parts.words.say(id, { kind: 'marks' })
    return marks
  }

  /** Tells the other nodes, now and then again, and those who follow here. */
  #tell(feed: RunFeed): void {
    const watched = this.#watched.get(feed)
    if (watched === undefined) return
    const { words, own, clock } = this.#parts
    words.say(feed.run.id, { kind: 'viewers', node: own, ...this.#here(feed) })
    this.#count(feed, watched)
    if (feed.viewers > 0) {
      watched.cancel = clock.after(limits.viewersTellMs, () => this.#tell(feed))
      return
    }
    watched.over.abort()
    this.#watched.delete(feed)
  }

  #hear(feed: RunFeed, word: RunWord): void {
    const watched = this.#watched.get(feed)
    if (watched === undefined) return
    if (word.kind === 'marks') {
      // A store that is away: the page asks for the marks again by itself.
      void this.#readMarks(feed).catch(() => {})
      return
    }
    const { own, clock, words } = this.#parts
    if (word.node === own) return
    const isNew = !watched.others.has(word.node)
    const until = clock.elapsed() + 3 * limits.viewersTellMs
    watched.others.set(word.node, { count: word.count, names: word.names, until })
    // It has not heard of us yet.
    if (isNew) words.say(feed.run.id, { kind: 'viewers', node: own, ...this.#here(feed) })
    this.#count(feed, watched)
  }

  #count(feed: RunFeed, watched: Watched): void {
    let { count, names } = this.#here(feed)
    for (const [node, other] of watched.others) {
      if (other.until < this.#parts.clock.elapsed()) watched.others.delete(node)
      else {
        count += other.count
        names = [...names, ...other.names]
      }
    }
    feed.setViewers(count, eachOnce(names))
  }

  #here(feed: RunFeed): { readonly count: number; readonly names: readonly string[] } {
    return { count: feed.viewers, names: eachOnce(this.#names.get(feed.run.id) ?? []) }
  }

  async #readMarks(feed: RunFeed): Promise<void> {
    feed.setMarks(await this.#parts.catalog.marks(feed.run.id))
  }
}

interface Watched {
  readonly over: AbortController
  /** By the node's name. Steady clock. */
  readonly others: Map<string, Other>
  cancel: (() => void) | null
}

interface Other {
  readonly count: number
  readonly names: readonly string[]
  readonly until: number
}

/** Two tabs of one person are one name. */
function eachOnce(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted().slice(0, limits.viewerNamesMax)
}
