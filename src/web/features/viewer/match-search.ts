/**
 * Looks through a run on the server, from where the reader is: down to the end, then up to the start,
 * and down again as the run grows. One search at a time, so that the pages in sight do not wait behind it.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi, LineFilter, SearchRequest } from '../../../client/api.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { SearchSpanRecord, SearchStop } from '../../../shared/protocol/search.ts'
import type { RunId } from '../../../shared/run.ts'
import type { LineWindow } from './line-window.ts'
import type { MatchIndex } from './match-index.ts'

export interface MatchProgress {
  /** Something was not looked through yet. */
  readonly isSearching: boolean
  /** When the line arrived to which the search has come back; null while it does not go back. */
  readonly backTo: string | null
  /** The server's time for it was up; `goOn` asks for more. */
  readonly stopped: SearchStop | null
  /** What no further try can cure, as a pattern that is none. */
  readonly failed: AppError | null
}

export interface MatchSearchOptions {
  readonly api: Pick<FarglassApi, 'search'>
  readonly id: RunId
  readonly fields: LineFilter
  readonly index: MatchIndex
  /** The whole run, as far as the page knows it. */
  readonly run: Pick<LineWindow, 'first' | 'end'>
  readonly onSpan: (span: SearchSpanRecord, direction: Direction) => void
}

type Direction = 'above' | 'below'

/** Lines that a search gives beside its counts: enough for what is in sight first. */
const givenLines = 1_000
/** Of a run that grows the server is asked again after this long. */
const askAgainMs = 400
const retryMs = 1_500

export class MatchSearch {
  readonly progress: ReadonlySignal<MatchProgress>
  readonly #progress: Signal<MatchProgress> = signal({
    isSearching: true,
    backTo: null,
    stopped: null,
    failed: null,
  })
  readonly #options: MatchSearchOptions
  readonly #closed = new AbortController()
  #direction: Direction | null = null
  #isTopReached = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: MatchSearchOptions) {
    this.#options = options
    this.progress = this.#progress
  }

  /** Which way it looks just now. */
  get direction(): Direction | null {
    return this.#direction
  }

  /** Looks through what was not looked through yet; nothing happens while it does so already. */
  advance(): void {
    const { index, run } = this.#options
    const { stopped, failed, isSearching } = this.#progress.peek()
    const isWaiting = this.#direction !== null || this.#timer !== undefined
    if (isWaiting || stopped !== null || failed !== null || this.#closed.signal.aborted) return
    const isAbove = !this.#isTopReached && index.from > run.first
    if (index.to < run.end) this.#start('below')
    else if (isAbove) this.#start('above')
    else if (isSearching) this.#tell({ isSearching: false, backTo: null })
  }

  /** After its time was up. */
  goOn(): void {
    this.#tell({ stopped: null })
    this.advance()
  }

  close(): void {
    this.#closed.abort()
    clearTimeout(this.#timer)
  }

  #start(direction: Direction): void {
    this.#direction = direction
    this.#tell({ isSearching: true })
    this.#look(direction)
      .then(
        () => this.#advanceAfter(direction === 'below' ? askAgainMs : 0),
        (thrown: unknown) => this.#fail(toAppError(thrown)),
      )
      .finally(() => {
        this.#direction = null
      })
  }

  async #look(direction: Direction): Promise<void> {
    const { api, id, fields, index, onSpan } = this.#options
    const ask: SearchRequest =
      direction === 'below'
        ? { ...fields, from: String(index.to), limit: givenLines }
        : { ...fields, to: String(index.from), order: 'backward', limit: givenLines }
    for await (const record of api.search(id, ask, this.#closed.signal)) {
      if (this.#closed.signal.aborted) return
      if (record.kind === 'span') {
        onSpan(record, direction)
        if (direction === 'above') this.#tell({ backTo: record.time })
      } else if (record.stopped !== null) this.#tell({ stopped: record.stopped })
      // What is above that is not kept any more.
      else if (direction === 'above') this.#isTopReached = true
    }
  }

  #fail(error: AppError): void {
    if (this.#closed.signal.aborted) return
    if (hopeless.has(error.code)) this.#tell({ failed: error, isSearching: false })
    else this.#advanceAfter(retryMs)
  }

  #advanceAfter(ms: number): void {
    if (this.#closed.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.advance()
    }, ms)
  }

  #tell(change: Partial<MatchProgress>): void {
    this.#progress.value = { ...this.#progress.peek(), ...change }
  }
}

const hopeless: ReadonlySet<AppError['code']> = new Set([
  'bad-pattern',
  'bad-request',
  'not-found',
  'unauthorized',
])
