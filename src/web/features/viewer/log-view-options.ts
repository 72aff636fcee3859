/** What a view over lines is given, and whom it tells. */
import type { LineSequence } from './line-sequence.ts'
import type { LogRowsOptions } from './log-rows.ts'
import type { TextSelection } from './text-selection.ts'

export interface LogViewOptions extends LogRowsOptions {
  readonly lines: LineSequence
  /** The reader moved to the end, or away from it. */
  onFollow(isFollowing: boolean): void
  onSelect(pos: number, isExtending: boolean): void
  /** All of a line is wanted, in its row or, when it is too long for one, elsewhere. */
  onShowAll(pos: number, isInRow: boolean): void
  /** Positions at both edges of the view, null where they are not known yet. */
  onLook(first: number | null, last: number | null): void
  /** Rows were filled anew. */
  onDraw(): void
  linesPerSecond(): number
  readonly onSelectText: (selection: TextSelection | null) => void
}
