/** One run as the page holds it: its state, the lines in view, and what the reader does with them. */
import { batch, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { Run, RunId, Task } from '../../../shared/run.ts'
import { createLineBuffer, type LineBuffer, linesOfGroups } from '../viewer/line-buffer.ts'
import { type Counters, createCounters, type Figures } from './counters.ts'
import { type Partials, withoutPartials, withPartial } from './partials.ts'
import { type Connection, type FeedEvent, RunFeed } from './run-feed.ts'

/** Lines read at once, at the end of a run and when scrolling. */
const pageLines = 500
const notesMax = 1_000
const figuresMs = 250
/** While somebody reads further up, a buffer with this many lines takes no new ones. */
const pausedLinesMax = 18_000

/** Opens a run at its end, or around `line`, and follows it until it has ended. */
export class RunModel {
  readonly id: RunId
  readonly run: Signal<Run | null> = signal(null)
  readonly error: Signal<AppError | null> = signal(null)
  readonly connection: Signal<Connection> = signal({ kind: 'connecting' })
  readonly buffer: LineBuffer = createLineBuffer(0)
  /** Grows with every change of the buffer. */
  readonly version: Signal<number> = signal(0)
  /** The next position of the run, as far as this page knows. */
  readonly tail: Signal<number> = signal(0)
  readonly figures: Signal<Figures> = signal(createCounters().figures(Date.now()))
  readonly notes: Signal<readonly WireLine[]> = signal([])
  readonly partials: Signal<Partials> = signal(new Map())
  /** The server gave history anew from this line on. */
  readonly resetFrom: Signal<number | null> = signal(null)
  readonly follow: Signal<boolean> = signal(true)
  readonly selected: Signal<number | null> = signal(null)
  /** A line that the view is to bring into sight once. */
  readonly target: Signal<number | null> = signal(null)
  readonly loading: Signal<boolean> = signal(false)
  /** A line that a link names and that the run does not hold. */
  readonly absent: Signal<number | null> = signal<number | null>(null)

  readonly #api: FarglassApi
  readonly #counters: Counters = createCounters()
  readonly #timer: ReturnType<typeof setInterval>
  #feed: RunFeed | null = null
  #unsubscribe: () => void = () => {}
  #closed = false
  /** Of the run when the lines held were read. */
  #epoch = 0

  constructor(api: FarglassApi, id: RunId, line: number | null) {
    this.#api = api
    this.id = id
    this.follow.value = line === null
    this.selected.value = line
    this.target.value = line
    this.#timer = setInterval(() => this.#tick(), figuresMs)
    this.#open(line)
  }

  /** Reads the page before the first one held. */
  async loadEarlier(): Promise<void> {
    await this.#load(async () => {
      const to = this.buffer.first
      const from = Math.max(this.#firstKept(), to - pageLines)
      if (from >= to) return
      const lines = await this.#readStretch(from, to)
      if (this.buffer.first === to && this.buffer.prepend(lines)) this.version.value++
    })
  }

  /** Reads the page after the last one held, up to what has arrived. */
  async loadLater(): Promise<void> {
    await this.#load(async () => {
      const from = this.buffer.end
      if (from >= this.tail.value) return
      const lines = await this.#readStretch(from, Math.min(this.tail.value, from + pageLines))
      if (this.buffer.end === from && this.buffer.append(lines)) this.version.value++
    })
  }

  /** Shows a line, from the server when the page does not hold it. */
  async show(pos: number): Promise<void> {
    await this.#load(async () => {
      if (this.buffer.at(pos) === undefined) await this.#showAround(pos)
    })
    batch(() => {
      this.follow.value = false
      this.target.value = pos
    })
  }

  async jumpToLatest(): Promise<void> {
    if (this.buffer.end !== this.tail.value) {
      await this.#load(() => {
        const from = Math.max(this.#firstKept(), this.tail.value - pageLines)
        return this.#showStretch(from, this.tail.value)
      })
    }
    this.#counters.clearUnread()
    batch(() => {
      this.follow.value = true
      this.figures.value = this.#counters.figures(Date.now())
      this.version.value++
    })
  }

  retryNow(): void {
    if (this.#feed !== null) {
      this.#feed.retryNow()
      return
    }
    this.error.value = null
    this.#open(this.target.value)
  }

  /** Takes a run that the server answered with, to a stop for instance. */
  takeRun(run: Run): void {
    // The answer to a stop may come after the end that the stream has told: an end is final.
    if (this.run.value?.state === 'ended' && run.state !== 'ended') return
    this.run.value = run
    this.#counters.takeRun(run, this.tail.value)
    if (run.state === 'ended') this.partials.value = new Map()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#unsubscribe()
    this.#feed?.close()
  }

  #open(line: number | null): void {
    this.#start(line).catch((thrown: unknown) => {
      const problem = toAppError(thrown)
      if (problem.code === 'unauthorized') this.connection.value = { kind: 'signed-out' }
      else this.error.value = problem
    })
  }

  async #start(line: number | null): Promise<void> {
    const run = await this.#api.get(this.id)
    this.#epoch = run.epoch
    const from = Math.max(run.first, run.next - pageLines)
    const lines = await this.#readStretch(from, run.next)
    if (this.#closed) return
    const next = (lines.at(-1)?.pos ?? from - 1) + 1
    batch(() => {
      this.buffer.reset(from)
      this.buffer.append(lines)
      this.tail.value = next
      this.#takeNotes(lines)
      this.takeRun(run)
      this.figures.value = this.#counters.figures(Date.now())
      this.version.value++
    })
    if (line !== null) await this.#showLinked(line, run)
    if (run.state === 'ended' && next >= run.next) this.connection.value = { kind: 'complete' }
    else this.#follow()
  }

  /** The line that the address names: read when it is earlier, told when it is nowhere. */
  async #showLinked(line: number, run: Run): Promise<void> {
    const { first } = this.buffer
    // Of a running run the line may still come.
    const isAbsent = line < run.first || (line >= this.tail.value && run.state === 'ended')
    if (isAbsent) this.absent.value = line
    else if (line < first) await this.#showAround(line)
  }

  #follow(): void {
    const feed = new RunFeed({
      api: this.#api,
      id: this.id,
      place: () => ({ cursor: this.tail.value, epoch: this.#epoch }),
      take: (event) => this.#take(event),
      fail: (error) => {
        this.error.value = error
      },
    })
    this.#feed = feed
    this.#unsubscribe = feed.connection.subscribe((connection) => {
      this.connection.value = connection
    })
  }

  #take(event: FeedEvent): void {
    switch (event.kind) {
      case 'lines':
        return this.#takeLines(linesOfGroups(event.pos, event.groups), event.next)
      case 'page':
        return this.#takeLines(event.page.lines, event.page.next)
      case 'run':
        this.#epoch = event.run.epoch
        this.#skipRemoved(event.run.first)
        return this.takeRun(event.run)
      case 'end':
        return this.takeRun(event.run)
      case 'task':
        return this.#takeTask(event.task)
      case 'partial':
        this.partials.value = withPartial(this.partials.value, event)
        return
      case 'reset':
        return this.#takeReset(event.from)
      case 'bye':
      case 'connection':
        return
    }
  }

  #takeLines(lines: readonly WireLine[], next: number): void {
    const expected = this.tail.value
    const isFollowing = this.follow.value
    const held = this.buffer.end - this.buffer.first
    const isAttached = this.buffer.end === expected && (isFollowing || held < pausedLinesMax)
    this.#counters.take(lines, { expected, isFollowing, now: Date.now() })
    const fresh = lines.filter(({ pos }) => pos >= expected)
    batch(() => {
      this.#takeNotes(fresh)
      this.partials.value = withoutPartials(this.partials.value, fresh)
      this.tail.value = Math.max(expected, next)
      if (isAttached) this.buffer.append(fresh)
      this.version.value++
    })
  }

  /** What retention has removed cannot come any more: the first line kept is the next one. */
  #skipRemoved(first: number): void {
    if (first <= this.tail.value) return
    batch(() => {
      this.tail.value = first
      this.buffer.reset(first)
      this.version.value++
    })
  }

  #takeNotes(lines: readonly WireLine[]): void {
    const found = lines.filter(({ channel }) => channel === 'note')
    if (found.length > 0) this.notes.value = [...this.notes.value, ...found].slice(-notesMax)
  }

  #takeTask(task: Task): void {
    const run = this.run.value
    if (run === null) return
    this.run.value = { ...run, tasks: run.tasks.map((old) => (old.id === task.id ? task : old)) }
  }

  #takeReset(from: number): void {
    batch(() => {
      this.resetFrom.value = from
      this.tail.value = Math.min(this.tail.value, from)
      this.buffer.truncate(from)
      this.notes.value = this.notes.value.filter(({ pos }) => pos < from)
      this.version.value++
    })
  }

  /** Lines `from` to `to`: a page can hold fewer than asked, when they are long. */
  async #readStretch(from: number, to: number): Promise<WireLine[]> {
    const lines: WireLine[] = []
    let next = from
    while (next < to) {
      const page = await this.#api.lines(this.id, next, Math.min(1_000, to - next))
      if (page.lines.length === 0) break
      for (const line of page.lines) lines.push(line)
      next = page.next
    }
    return lines
  }

  async #showAround(pos: number): Promise<void> {
    const from = Math.max(this.#firstKept(), pos - pageLines / 2)
    await this.#showStretch(from, Math.min(this.tail.value, pos + pageLines / 2))
  }

  async #showStretch(from: number, to: number): Promise<void> {
    const lines = await this.#readStretch(from, to)
    this.buffer.reset(lines[0]?.pos ?? from)
    this.buffer.append(lines)
    this.version.value++
  }

  /** One load at a time. After a failed one the connection tells why, and the row to load stays. */
  async #load(work: () => Promise<void>): Promise<void> {
    if (this.loading.value || this.#closed) return
    this.loading.value = true
    try {
      await work()
    } catch {
      this.#feed?.retryNow()
    } finally {
      this.loading.value = false
    }
  }

  #firstKept(): number {
    return this.run.value?.first ?? 0
  }

  #tick(): void {
    this.figures.value = this.#counters.figures(Date.now())
  }
}
