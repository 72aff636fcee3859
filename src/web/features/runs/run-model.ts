/** One run as the page holds it: its state, the lines in view, and what the reader does with them. */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../../client/api.ts'
import { type EpochStart, givenAnewFrom, type ReadPlace } from '../../../shared/epochs.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { ViewersEvent, WireLine } from '../../../shared/protocol/events.ts'
import type { Opening } from '../../../shared/protocol/opening.ts'
import type { Run, RunId, Task } from '../../../shared/run.ts'
import { firstViewShown } from '../../ui/first-view.ts'
import { type LineSequence, wholeRun } from '../viewer/line-sequence.ts'
import { createLineWindow, holds, type LineWindow, type View } from '../viewer/line-window.ts'
import { createPageLoader, type PageLoader } from '../viewer/page-loader.ts'
import type { TextSelection } from '../viewer/text-selection.ts'
import { linesOfGroups } from '../viewer/wire-lines.ts'
import { type Counters, createCounters, type Figures } from './counters.ts'
import { createLagWatch } from './lag-watch.ts'
import { LineMarks } from './line-marks.ts'
import { type Partials, withoutPartials, withPartial } from './partials.ts'
import { type Connection, type FeedEvent, RunFeed } from './run-feed.ts'
import { TaskUpdates } from './task-updates.ts'

const notesMax = 1_000
const figuresMs = 250
/** Lines that are asked for before anybody knows how many there is room for. */
const firstLines = 60

/** Lines that a link names: one, or a range of them. */
export interface LinkedLines {
  readonly line: number
  readonly until: number | null
}

export type Viewers = Pick<ViewersEvent, 'count' | 'names'>

export interface SeenLines {
  readonly first: number | null
  readonly last: number | null
}

export interface RunModelOptions {
  readonly api: FarglassApi
  /** What others are told of who sits here. */
  readonly name: ReadonlySignal<string>
  readonly id: RunId
  /** Without it the run is opened at its end. */
  readonly linked: LinkedLines | null
  /** The run, asked for before anybody knew who asks: used when that went well. */
  readonly early?: Promise<Run | null>
  /** The run and its last lines, as they came with the page. */
  readonly opening?: Pick<Opening, 'run' | 'page'>
}

/** Opens a run at its end, or around the lines of a link, and follows it until it has ended. */
export class RunModel {
  readonly id: RunId
  readonly name: ReadonlySignal<string>
  readonly run: Signal<Run | null> = signal(null)
  readonly error: Signal<AppError | null> = signal(null)
  readonly connection: Signal<Connection> = signal({ kind: 'connecting' })
  readonly window: LineWindow = createLineWindow()
  /** Grows with every change of the window. */
  readonly version: Signal<number> = signal(0)
  /** Grows when lines have come that somebody looks at and waits for. */
  readonly fetched: Signal<number> = signal(0)
  /** What is scrolled: every line, or those that a filter leaves. */
  readonly lines: Signal<LineSequence>
  readonly whole: LineSequence
  /** Positions at both edges of the view; null where they are not known. */
  readonly seen: Signal<SeenLines> = signal({ first: null, last: null })
  /** Grows when rows were filled anew. */
  readonly drawn: Signal<number> = signal(0)
  /** The next position of the run, as far as this page knows. */
  readonly tail: Signal<number> = signal(0)
  readonly figures: Signal<Figures> = signal(createCounters().figures(Date.now()))
  readonly notes: Signal<readonly WireLine[]> = signal([])
  /** How many watch the run, this browser among them, and what they call themselves. */
  readonly viewers: Signal<Viewers> = signal({ count: 1, names: [] })
  /** Lines that somebody has marked, by position. */
  readonly marks: LineMarks
  readonly partials: Signal<Partials> = signal(new Map())
  /** The server gave history anew from this line on. */
  readonly resetFrom: Signal<number | null> = signal(null)
  readonly follow: Signal<boolean> = signal(true)
  /** The line cursor, and the other end of what is selected, when that is more than one line. */
  readonly selected: Signal<number | null> = signal(null)
  readonly anchor: Signal<number | null> = signal(null)
  /** Text that is selected in the log. */
  readonly text: Signal<TextSelection | null> = signal(null)
  /** A line that the view is to bring into sight once. */
  readonly target: Signal<{ readonly pos: number } | null> = signal(null)
  /** The first line that came since the reader paused. */
  readonly unreadFrom: Signal<number | null> = signal(null)
  /** A line that a link names and that the run does not hold. */
  readonly absent: Signal<number | null> = signal<number | null>(null)

  readonly #api: FarglassApi
  readonly #counters: Counters = createCounters()
  readonly #loader: PageLoader
  readonly #lag = createLagWatch()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #tasks = new TaskUpdates((tasks) => this.#takeTasks(tasks))
  #feed: RunFeed | null = null
  #unsubscribe: () => void = () => {}
  #closed = false
  readonly #linked: LinkedLines | null
  #early: Promise<Run | null>
  /** Of the run when the lines held were read. */
  #epochs: readonly EpochStart[] = []

  constructor({ api, name, id, linked, early, opening }: RunModelOptions) {
    this.#api = api
    this.name = name
    this.id = id
    this.#linked = linked
    this.marks = new LineMarks(api, id)
    this.#early = early ?? Promise.resolve(null)
    this.#loader = createPageLoader({
      window: this.window,
      read: async ({ from, to }) => (await api.lines(id, from, to - from)).lines,
      take: (stretch, lines, now) => this.window.take(stretch, lines, now),
      onChange: (lines) =>
        batch(() => {
          this.#takeNotes(lines)
          this.fetched.value++
        }),
    })
    const { window, version, fetched } = this
    this.whole = wholeRun({ window, version, fetched, look: (view) => this.look(view) })
    this.lines = signal(this.whole)
    this.follow.subscribe((isFollowing) => {
      this.unreadFrom.value = isFollowing ? null : this.tail.peek()
    })
    if (linked !== null) this.select(linked)
    this.#timer = setInterval(() => this.#tick(), figuresMs)
    if (opening === undefined) this.#open()
    else this.#begin(opening.run, opening.page.lines)
  }

  /** A line that is held, by whatever is scrolled. */
  lineAt(pos: number): WireLine | undefined {
    const held = this.window.at(pos)
    const lines = this.lines.value
    if (held !== undefined || lines === this.whole) return held
    // Where it stands may have to be asked for.
    void lines.fetched.value
    const index = lines.indexOf(pos)
    const line = index === null ? undefined : lines.at(index)
    return line?.pos === pos ? line : undefined
  }

  /** Somebody looks at these lines: they are fetched when they are not here. */
  look(view: View): void {
    this.#loader.look(view)
  }

  /** Marks the lines of a link and shows the first of them. */
  select({ line, until }: LinkedLines): void {
    batch(() => {
      this.anchor.value = until
      this.selected.value = line
    })
    this.show(line)
  }

  /** Brings a line into sight, and follows nothing from then on. */
  show(pos: number): void {
    batch(() => {
      this.follow.value = false
      this.target.value = { pos }
    })
  }

  jumpToLatest(): void {
    this.#clearUnread()
    batch(() => {
      this.follow.value = true
      this.version.value++
    })
  }

  /** The reader goes on from the first unread line, which this gives; what comes from now on is unread. */
  readOn(): number | null {
    const from = this.unreadFrom.value
    this.#clearUnread()
    this.unreadFrom.value = this.tail.value
    return from
  }

  retryNow(): void {
    if (this.#feed !== null) {
      this.#feed.retryNow()
      return
    }
    this.error.value = null
    this.#open()
  }

  /** Takes a run that the server answered with, to a stop for instance. */
  takeRun(run: Run): void {
    this.#tasks.flush()
    // The answer to a stop may come after the end that the stream has told: an end is final.
    if (this.run.value?.state === 'ended' && run.state !== 'ended') return
    this.run.value = run
    this.#counters.takeRun(run, this.tail.value)
    if (run.state === 'ended') this.partials.value = new Map()
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.#tasks.close()
    this.#loader.close()
    this.marks.close()
    this.#unsubscribe()
    this.#feed?.close()
  }

  #open(): void {
    this.#start().catch((thrown: unknown) => {
      const problem = toAppError(thrown)
      if (problem.code === 'unauthorized') this.connection.value = { kind: 'signed-out' }
      else this.error.value = problem
    })
  }

  async #start(): Promise<void> {
    const run = (await this.#early) ?? (await this.#api.get(this.id))
    this.#early = Promise.resolve(null)
    if (!this.#closed) this.#begin(run, [])
  }

  #begin(run: Run, lines: readonly WireLine[]): void {
    this.#epochs = run.epochs
    const line = this.#linked?.line ?? null
    this.window.cover(run.first, run.next)
    this.window.put(lines)
    const first = Math.max(run.first, Math.min(line ?? run.next, run.next) - firstLines)
    // Before the page draws what it knows of the run: they come meanwhile.
    const end = Math.min(run.next, first + 2 * firstLines)
    if (!holds(this.window, first, end)) this.look({ first, end, direction: -1 })
    batch(() => {
      this.#takeNotes(lines)
      this.#cover(run)
      if (!this.follow.value) this.unreadFrom.value = run.next
      this.figures.value = this.#counters.figures(Date.now())
      // Of a running run the line may still come.
      const isPast = line !== null && line >= run.next && run.state === 'ended'
      if (line !== null && (line < run.first || isPast)) this.absent.value = line
    })
    void firstViewShown.then(() => this.marks.refresh())
    if (run.state === 'ended') this.connection.value = { kind: 'complete' }
    else this.#follow()
  }

  /** The run reaches as far as the server says; its lines are read where somebody looks. */
  #cover(run: Run): void {
    this.tail.value = Math.max(this.tail.value, run.next)
    this.window.cover(run.first, this.tail.value)
    this.takeRun(run)
    this.version.value++
  }

  #place(): ReadPlace {
    return { cursor: this.tail.value, epochs: this.#epochs }
  }

  #follow(): void {
    const feed = new RunFeed({
      api: this.#api,
      id: this.id,
      name: this.name,
      place: () => this.#place(),
      take: (event) => this.#take(event),
      fail: (error) => {
        this.error.value = error
      },
    })
    this.#feed = feed
    this.#unsubscribe = feed.connection.subscribe((connection) => {
      const isAwake = this.connection.peek().kind === 'hidden' && connection.kind !== 'hidden'
      this.connection.value = connection
      if (isAwake && this.follow.peek()) this.#skipToEnd()
    })
  }

  #take(event: FeedEvent): void {
    switch (event.kind) {
      case 'lines':
        return this.#takeLines(linesOfGroups(event.pos, event.groups), event.next)
      case 'page':
        return this.#takeLines(event.page.lines, event.page.next)
      case 'run':
        this.#epochs = event.run.epochs
        this.#skipRemoved(event.run.first)
        return this.takeRun(event.run)
      case 'end':
        return this.takeRun(event.run)
      case 'task':
        return this.#tasks.add(event.task)
      case 'viewers':
        this.viewers.value = event
        return
      case 'marks':
        this.marks.take(event.marks)
        return
      case 'partial':
        this.partials.value = withPartial(this.partials.value, event)
        return
      case 'reset':
        this.#epochs = event.epochs
        return this.#takeReset(event.from)
      case 'bye':
      case 'connection':
        return
    }
  }

  #takeLines(lines: readonly WireLine[], next: number): void {
    const expected = this.tail.value
    const isFollowing = this.follow.value
    const now = Date.now()
    this.#counters.take(lines, { expected, isFollowing, now })
    const isKnown = (lines[0]?.pos ?? expected) < expected
    const fresh = isKnown ? lines.filter(({ pos }) => pos >= expected) : lines
    batch(() => {
      this.#takeNotes(fresh)
      this.partials.value = withoutPartials(this.partials.value, fresh)
      this.tail.value = Math.max(expected, next)
      this.window.cover(this.window.first, this.tail.value)
      this.window.put(fresh)
      this.version.value++
    })
    const time = fresh.at(-1)?.time
    if (time !== undefined && this.#lag.take(Date.parse(time), now) && isFollowing)
      this.#skipToEnd()
  }

  /** Who follows and lags reads no backlog: the stream goes on at the end, and what lies between is read if somebody scrolls there. */
  #skipToEnd(): void {
    const skip = async (): Promise<void> => {
      const run = await this.#api.get(this.id)
      if (this.#closed || !this.follow.value || run.next <= this.tail.value) return
      const anew = givenAnewFrom(run, this.#place())
      this.#epochs = run.epochs
      batch(() => {
        if (anew !== null) this.#takeReset(anew)
        this.#cover(run)
      })
      this.#feed?.retryNow()
    }
    skip().catch(() => {
      // The stream goes on as it was; why the server does not answer, the connection tells.
    })
  }

  /** What retention has removed cannot come any more: the first line kept is the next one. */
  #skipRemoved(first: number): void {
    if (first <= this.window.first) return
    batch(() => {
      this.tail.value = Math.max(first, this.tail.value)
      this.window.cover(first, this.tail.value)
      this.version.value++
    })
  }

  #takeNotes(lines: readonly WireLine[]): void {
    const found = lines.filter(({ channel }) => channel === 'note')
    if (found.length === 0) return
    const notes = new Map([...this.notes.value, ...found].map((note) => [note.pos, note]))
    this.notes.value = [...notes.values()].toSorted((a, b) => a.pos - b.pos).slice(-notesMax)
  }

  #takeTasks(tasks: ReadonlyMap<number, Task>): void {
    const run = this.run.value
    if (run === null) return
    this.run.value = { ...run, tasks: run.tasks.map((old) => tasks.get(old.id) ?? old) }
  }

  #takeReset(from: number): void {
    batch(() => {
      this.resetFrom.value = from
      this.tail.value = Math.min(this.tail.value, from)
      this.window.truncate(from)
      this.notes.value = this.notes.value.filter(({ pos }) => pos < from)
      this.version.value++
    })
  }

  #clearUnread(): void {
    this.#counters.clearUnread()
    this.figures.value = this.#counters.figures(Date.now())
  }

  #tick(): void {
    this.figures.value = this.#counters.figures(Date.now())
  }
}
