/**
 * The lines of a run that match a query, as a sequence: counted on the server, read in pages by their
 * number, and grown with the run. What the page holds already is looked at here, where that is exact.
 */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi, LineFilter } from '../../../client/api.ts'
import { AppError } from '../../../shared/errors.ts'
import type { TextRules } from '../../../shared/line-test.ts'
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import type { SearchSpanRecord } from '../../../shared/protocol/search.ts'
import type { RunId } from '../../../shared/run.ts'
import type { LineSequence } from './line-sequence.ts'
import { createLineWindow, type LineWindow, type View } from './line-window.ts'
import { createMatchIndex, type PlacedSpan } from './match-index.ts'
import { type MatchProgress, MatchSearch } from './match-search.ts'
import { createPageLoader, type PageLoader } from './page-loader.ts'
import type { Stretch } from './page-requests.ts'
import { PartialVerdicts } from './partial-verdicts.ts'

export interface LineQuery {
  readonly fields: LineFilter
  /** Whether a line matches, null where the page must not look: because of `slow`, or of a line that is cut. */
  readonly isWanted: (line: WireLine) => boolean | null
  /** What is looked for in texts, when that may take for ever: for the server, or a worker that can be ended. */
  readonly slow: TextRules | null
}

export interface MatchedLinesOptions {
  readonly api: Pick<FarglassApi, 'search' | 'matching'>
  readonly id: RunId
  readonly query: LineQuery
  /** Position where the reader is: what is near comes first. */
  readonly anchor: number
  /** The whole run, as far as the page holds it. */
  readonly run: Pick<LineWindow, 'first' | 'end' | 'at'>
}

export interface MatchMark {
  readonly pos: number
  readonly time: string
}

/** More matches than this of one stretch are not told apart on a screen. */
const marksMax = 100

export class MatchedLines implements LineSequence {
  readonly version: Signal<number> = signal(0)
  readonly fetched: Signal<number> = signal(0)
  /** How far the run was looked through. */
  readonly progress: ReadonlySignal<MatchProgress>
  readonly #options: MatchedLinesOptions
  readonly #index: ReturnType<typeof createMatchIndex>
  readonly #window: LineWindow = createLineWindow()
  readonly #search: MatchSearch
  readonly #loader: PageLoader
  readonly #closed = new AbortController()
  readonly #partials: PartialVerdicts | null
  /** Indexes of positions that the server was asked for; null until it has answered. */
  readonly #asked = new Map<number, number | null>()
  #seen: View | null = null

  constructor(options: MatchedLinesOptions) {
    this.#options = options
    const { slow } = options.query
    this.#partials = slow === null ? null : new PartialVerdicts(slow)
    const { api, id, query, anchor, run } = options
    const index = createMatchIndex(anchor)
    this.#index = index
    this.#window.cover(index.first, index.end)
    this.#search = new MatchSearch({
      api,
      id,
      fields: query.fields,
      index,
      run,
      onSpan: (span, direction) => this.#takeSpan(span, direction),
    })
    this.progress = this.#search.progress
    this.#loader = createPageLoader({
      window: this.#window,
      read: (stretch) => this.#read(stretch),
      take: (stretch, lines, now) => this.#window.takeFrom(stretch, lines, now),
      onChange: () => this.fetched.value++,
    })
    this.grow()
  }

  get fields(): LineFilter {
    return this.#options.query.fields
  }

  get first(): number {
    return this.#index.first
  }

  get end(): number {
    return this.#index.end
  }

  get count(): number {
    return this.end - this.first
  }

  at(index: number): WireLine | undefined {
    return this.#window.at(index)
  }

  posAt(index: number): number | null {
    return this.#window.at(index)?.pos ?? null
  }

  indexOf(pos: number): number | null {
    const { first, end } = this.#index
    const at = end === first ? null : this.#firstFrom(pos)
    return at === null ? null : Math.min(at, end - 1)
  }

  countFrom(pos: number): number | null {
    const at = this.#firstFrom(pos)
    return at === null ? null : this.end - at
  }

  /** Of the last match before a position; null while it is not known, or when there is none. */
  indexBefore(pos: number): number | null {
    const at = this.#firstFrom(pos)
    return at === null || at <= this.#index.first ? null : at - 1
  }

  readonly hasPartial = (partial: PartialEvent): boolean => {
    const { query, run } = this.#options
    const { task, channel, text } = partial
    const time = new Date().toISOString()
    const isWanted = query.isWanted({ pos: run.end, task, channel, time, text })
    return isWanted ?? this.#partials?.has(partial) === true
  }

  look(view: View): void {
    this.#seen = view
    this.#loader.look(view)
  }

  /** Places of the matches: exact where the lines are here, else spread over where they were counted. */
  marks(): readonly MatchMark[] {
    return this.#index.spans.flatMap((span) => {
      const { index, count, from, to, time } = span
      const lines = Array.from({ length: Math.min(count, marksMax) }, (_, at) =>
        this.#window.at(index + at),
      ).filter((line) => line !== undefined)
      if (lines.length === count) return lines
      const marks = Math.min(count, marksMax)
      return Array.from({ length: marks }, (_, at) => {
        return { pos: Math.floor(from + ((at + 0.5) / marks) * (to - from)), time }
      })
    })
  }

  /** Somebody wants to know where a line stands, and the server was asked for it. */
  get isAsking(): boolean {
    return [...this.#asked.values()].includes(null)
  }

  /** The run has grown, as far as the page knows it. */
  grow(): void {
    if (this.#search.direction !== 'below') this.#takeHeld()
    this.#search.advance()
  }

  /** Retention has removed lines that were counted: the numbers of the others are not what the server gives. */
  get isOutdated(): boolean {
    return this.#index.from < this.#options.run.first
  }

  /** Looks on where the server's time was up. */
  goOn(): void {
    this.#search.goOn()
  }

  close(): void {
    this.#closed.abort()
    this.#partials?.close()
    this.#search.close()
    this.#loader.close()
  }

  /** Looks at lines that the page holds, as far as it can tell. */
  #takeHeld(): void {
    const { run, query } = this.#options
    if (query.slow !== null) return
    const from = this.#index.to
    const found: WireLine[] = []
    let to = from
    for (; to < run.end; to++) {
      const line = run.at(to)
      const isFound = line === undefined ? null : query.isWanted(line)
      if (line === undefined || isFound === null) break
      if (isFound) found.push(line)
    }
    if (to === from) return
    const at = this.#index.end
    const time = run.at(to - 1)?.time ?? ''
    this.#index.addBelow({ from, to, count: found.length, time })
    this.#changed()
    this.#window.putFrom(at, found)
  }

  #takeSpan(span: SearchSpanRecord, direction: 'above' | 'below'): void {
    const index = this.#index
    const { lines, count } = span
    let at = index.end
    if (direction === 'below') {
      // What is not kept any more has no lines.
      index.addBelow({ from: index.to, to: span.from, count: 0, time: span.time })
      index.addBelow(span)
    } else {
      index.addAbove(span)
      // The last ones of it are given.
      at = index.first + count - lines.length
    }
    this.#changed()
    this.#window.putFrom(at, lines)
  }

  /** Index of the first match at a position or after it, which may be that of the next one to come. */
  #firstFrom(pos: number): number | null {
    const index = this.#index
    const span = index.spanOfPos(pos)
    if (span !== null) return span.count === 0 ? span.index : this.#placeIn(span, pos)
    return pos >= index.to && index.to >= this.#options.run.end ? index.end : null
  }

  #changed(): void {
    this.#window.cover(this.#index.first, this.#index.end)
    batch(() => {
      this.version.value++
      this.fetched.value++
    })
  }

  async #read({ from, to }: Stretch): Promise<readonly WireLine[]> {
    const { api, id, query, run } = this.#options
    const span = this.#index.spanOfIndex(from)
    if (span === null || span.from < run.first) throw gone()
    const limit = to - from
    const place = { from: span.from, skip: from - span.index, limit }
    const { lines } = await api.matching(id, { ...query.fields, ...place })
    const [first] = lines
    // Lines that retention removed meanwhile are not among those that were passed over.
    if (first !== undefined && (first.pos >= span.to || span.from < run.first)) throw gone()
    return lines
  }

  /** The first match of a span at a position or after it. */
  #placeIn(span: PlacedSpan, pos: number): number | null {
    const known = this.#asked.get(pos)
    if (known !== undefined) return known
    let [low, high] = this.#bracket(pos) ?? [span.index, span.index + span.count]
    while (low < high) {
      // Indexes are larger than what the operators of bits take.
      const middle = Math.floor((low + high) / 2)
      const line = this.#window.at(middle)
      if (line === undefined) return this.#ask(span, pos)
      if (line.pos < pos) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Indexes between which it stands, when it is among the lines in sight: those are here. */
  #bracket(pos: number): [number, number] | null {
    const first = Math.max(this.first, this.#seen?.first ?? this.end)
    const last = Math.min(this.end, this.#seen?.end ?? 0) - 1
    const low = this.posAt(first)
    const high = this.posAt(last)
    return low !== null && high !== null && low <= pos && pos <= high ? [first, last] : null
  }

  #ask(span: PlacedSpan, pos: number): null {
    this.#asked.set(pos, null)
    this.#countBefore(span, pos).then(
      (count) => {
        this.#asked.set(pos, span.index + count)
        this.fetched.value++
      },
      // Whoever still wants to know asks again.
      () => this.#asked.delete(pos),
    )
    return null
  }

  async #countBefore({ from }: PlacedSpan, pos: number): Promise<number> {
    const { api, id, query } = this.#options
    const ask = { ...query.fields, from: String(from), to: String(pos), limit: 0 }
    let count = 0
    for await (const record of api.search(id, ask, this.#closed.signal)) {
      if (record.kind === 'span') count += record.count
    }
    return count
  }
}

function gone(): AppError {
  return new AppError('not-found', 'These lines are not kept any more.')
}
