/** What is known of a run for those who watch it: its tail, its state, its unfinished lines. */
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Mark } from '../../shared/mark.ts'
import type { Run, Task } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { FeedItem } from '../runs/run-service.ts'
import { countLines } from '../store/log-rules.ts'
import { Bell } from './bell.ts'
import { toFrames } from './frames.ts'
import { Tail } from './tail.ts'

export interface FeedOptions {
  readonly tailBytesMax?: number
  /** Hears of each unfinished line and of the position that it stands at. */
  readonly onPartial?: (partial: PartialLine, at: number) => void
  /** Somebody has begun to watch, or has left. */
  readonly onViewers?: (feed: RunFeed) => void
}

interface PartialLine {
  readonly task: number
  readonly channel: SourceChannel
  readonly text: string
}

type Change = Extract<FeedItem, { kind: 'run' | 'task' | 'partial' | 'viewers' | 'marks' }>

interface Changes {
  readonly items: readonly Change[]
  readonly number: number
}

/**
 * Fed by the run's writer with lines that are committed; read by followers. Lines are joined for
 * a moment that grows with the number of followers; the first after a pause goes out at once.
 */
export class RunFeed {
  readonly bell: Bell = new Bell()
  readonly #clock: Clock
  readonly #tailBytesMax: number
  readonly #onPartial: FeedOptions['onPartial']
  readonly #onViewers: FeedOptions['onViewers']
  #tail: Tail
  #isDetached = false
  #run: Run
  #followers = 0
  #viewersHere = 0
  /** As they were told of, over all nodes. */
  #viewers = '1'
  #waiting: PlacedGroup[] = []
  #waitingBytes = 0
  #lastCut = Number.NEGATIVE_INFINITY
  /** The run's counters hold the lines before this already. */
  #counted = 0
  #cancelCut: (() => void) | undefined
  /** Latest value per subject with the number of its change: state needs no history. */
  readonly #changes = new Map<string, { readonly number: number; readonly item: Change }>()
  #changed = 0

  constructor(run: Run, clock: Clock, options: FeedOptions = {}) {
    this.#run = run
    this.#clock = clock
    this.#tailBytesMax = options.tailBytesMax ?? limits.feedTailBytesMax
    this.#onPartial = options.onPartial
    this.#onViewers = options.onViewers
    this.#tail = new Tail(this.#tailBytesMax)
  }

  /** The run as of the last committed change. `next` is the position after the last shown line. */
  get run(): Run {
    return this.#run
  }

  /** The position after the last committed line, shown or about to be. */
  get stored(): number {
    const last = this.#waiting.at(-1)
    return last === undefined ? this.#run.next : last.pos + last.count
  }

  get followers(): number {
    return this.#followers
  }

  get tail(): Tail {
    return this.#tail
  }

  /** How many of them watch for somebody. */
  get viewers(): number {
    return this.#viewersHere
  }

  /** Registers a follower until the returned function is called. */
  join(isViewer = true): () => void {
    const change = (by: 1 | -1) => {
      this.#followers += by
      if (!isViewer) return
      this.#viewersHere += by
      this.#onViewers?.(this)
    }
    change(1)
    let here = true
    return () => {
      if (here) change(-1)
      here = false
    }
  }

  /** Committed lines, in order and without gap. */
  publish(groups: readonly PlacedGroup[]): void {
    if (this.#isDetached) return
    for (const group of groups) {
      this.#waiting.push(group)
      this.#waitingBytes += group.bytes.length
      if (group.channel !== 'note') this.#changes.delete(partialKey(group.task, group.channel))
    }
    const delay = flushDelayMs(this.#followers)
    const due = this.#lastCut + delay - this.#clock.elapsed()
    if (due <= 0 || this.#waitingBytes >= limits.batchBytesMax) this.#cut()
    else this.#cancelCut ??= this.#clock.after(due, () => this.#cut())
  }

  /** New state of the run: its own fields or its tasks. Followers see it when they are at the end. */
  setRun(run: Run): void {
    if (this.#isDetached) return
    this.#run = { ...run, ...countersOf(this.#run) }
    this.#change('run', { kind: 'run', run: this.#run })
  }

  setTask(task: Task): void {
    if (this.#isDetached) return
    const tasks = this.#run.tasks.map((old) => (old.id === task.id ? task : old))
    this.#run = { ...this.#run, tasks }
    this.#change(`task ${task.id}`, { kind: 'task', task })
  }

  /** How many follow the run, over all nodes. Who is alone is not told so. */
  setViewers(count: number, names: readonly string[]): void {
    const told = count === 1 ? '1' : [count, ...names].join('\n')
    if (told === this.#viewers) return
    this.#viewers = told
    this.#change('viewers', { kind: 'viewers', count, names })
  }

  /** All marked lines. */
  setMarks(marks: readonly Mark[]): void {
    this.#change('marks', { kind: 'marks', marks })
  }

  /** The unfinished line of a channel; empty text takes it back. */
  setPartial(partial: PartialLine): void {
    if (!this.#isDetached) this.#onPartial?.(partial, this.stored)
    this.#change(partialKey(partial.task, partial.channel), { kind: 'partial', ...partial })
  }

  /** The last change: the run has ended, nothing comes after what was published. */
  end(run: Run): void {
    if (this.#isDetached) return
    this.#cut()
    this.setRun(run)
  }

  /** The run goes on elsewhere: what this feed is told from now on is void, and followers leave it. */
  detach(): void {
    this.#isDetached = true
    this.#cancelCut?.()
    this.bell.ring()
  }

  get isDetached(): boolean {
    return this.#isDetached
  }

  /** The store has lost lines: the run's positions from `from` on are given anew, and followers hear it. */
  rewind(run: Run, from: number): void {
    if (this.#isDetached) return
    this.#cancelCut?.()
    this.#cancelCut = undefined
    this.#waiting = []
    this.#waitingBytes = 0
    this.#tail = new Tail(this.#tailBytesMax)
    this.#counted = run.next
    this.#run = { ...run, next: from }
    this.#change('run', { kind: 'run', run: this.#run })
  }

  /** Number of the newest change. */
  get changed(): number {
    return this.#changed
  }

  /**
   * Changes after the given number, oldest first, and the number of the newest. With `fresh` also
   * what of before it the run does not say, which a new follower cannot know.
   */
  changesAfter(number: number, fresh: boolean): Changes {
    if (number === this.#changed && !fresh) return { items: [], number }
    const news = [...this.#changes.values()].filter(
      (change) => change.number > number || (fresh && !isInRun(change.item)),
    )
    news.sort((a, b) => a.number - b.number)
    return { items: news.map((change) => change.item), number: this.#changed }
  }

  #change(key: string, item: Change): void {
    if (this.#isDetached) return
    this.#changed += 1
    this.#changes.set(key, { number: this.#changed, item })
    this.bell.ring()
  }

  #cut(): void {
    this.#cancelCut?.()
    this.#cancelCut = undefined
    if (this.#waiting.length === 0) return
    const frames = toFrames(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#lastCut = this.#clock.elapsed()
    let { next, lines, gaps } = this.#run
    for (const frame of frames) {
      this.#tail.push(frame)
      next = frame.next
      const fresh = frame.groups.filter(({ pos }) => pos >= this.#counted)
      if (fresh.length === 0) continue
      const count = countLines(fresh)
      lines += count.lines
      gaps += count.gaps
    }
    this.#run = { ...this.#run, next, lines, gaps }
    this.bell.ring()
  }
}

/** A new follower has been told it with the run. */
function isInRun({ kind }: Change): boolean {
  return kind === 'run' || kind === 'task'
}

/** What lines change of their run, and nothing else does. */
type RunCounters = Pick<Run, 'next' | 'lines' | 'gaps'>

function countersOf({ next, lines, gaps }: RunCounters): RunCounters {
  return { next, lines, gaps }
}

/** Few viewers: at once. Many: the joint cost of their writes is kept to a share of one core. */
function flushDelayMs(followers: number): number {
  const delay = followers * limits.flushDelayPerViewerMs
  return delay < 1 ? 0 : Math.min(delay, limits.flushDelayMsMax)
}

function partialKey(task: number, channel: SourceChannel): string {
  return `partial ${task} ${channel}`
}
