/**
 * What a view scrolls: lines one after the other, each with an index. Of a whole run the index is the
 * position; of the lines that a filter leaves it is not, and rows show, select and link positions.
 */
import type { ReadonlySignal } from '@preact/signals'
import type { LineFilter } from '../../../client/api.ts'
import type { PartialEvent, WireLine } from '../../../shared/protocol/events.ts'
import type { LineWindow, View } from './line-window.ts'

export interface LineSequence {
  /** Indexes are dense from `first` to before `end`; both may move, and no line ever changes its index. */
  readonly first: number
  readonly end: number
  /** Undefined while the line is not here. */
  at(index: number): WireLine | undefined
  /** Null while the line is not here and its position cannot be told. */
  posAt(index: number): number | null
  /** Of the line at a position, or else of the next one; null while that is not known, or not there yet. */
  indexOf(pos: number): number | null
  /** How many lines stand from a position on, null while that is not known; not there for all lines of the run. */
  countFrom?(pos: number): number | null
  /** What the server is to be asked for to get these lines alone; not there for all lines of the run. */
  readonly fields?: LineFilter
  /** Whether an unfinished line would be one of these, as far as it goes; not there for all lines of the run. */
  readonly hasPartial?: (partial: PartialEvent) => boolean
  /** Somebody looks at these indexes: their lines are fetched. */
  look(view: View): void
  /** Grows when the sequence has grown or changed. */
  readonly version: ReadonlySignal<number>
  /** Grows when something has come that somebody looks at and waits for. */
  readonly fetched: ReadonlySignal<number>
}

export interface WholeRunParts extends Pick<LineSequence, 'look' | 'version' | 'fetched'> {
  readonly window: LineWindow
}

/** Every line of a run. */
export function wholeRun({ window, look, version, fetched }: WholeRunParts): LineSequence {
  return {
    get first() {
      return window.first
    },
    get end() {
      return window.end
    },
    at: (pos) => window.at(pos),
    posAt: (pos) => pos,
    indexOf: (pos) => (pos >= window.first && pos < window.end ? pos : null),
    look,
    version,
    fetched,
  }
}
