/** What the reading of followed files says, in the order in which it must be stored. */
import type { FilePosition } from './file-position.ts'

export type FileEvent =
  /**
   * This generation of the file is read from here on. `tail`: the bytes before, as far as they are
   * known. Older generations may still grow; what they get comes under their own label.
   */
  | {
      readonly kind: 'position'
      readonly file: string
      readonly position: FilePosition
      readonly tail: Uint8Array
    }
  | {
      readonly kind: 'bytes'
      readonly file: string
      readonly generation: string
      readonly modified: number
      readonly bytes: Uint8Array
    }
  /** Nothing more comes of this generation: an unfinished line is what it is. */
  | { readonly kind: 'closed'; readonly file: string; readonly generation: string }
  /** Bytes of a generation that cannot be had any more; `to` null: nobody knows how many. */
  | {
      readonly kind: 'gap'
      readonly file: string
      readonly from: number
      readonly to: number | null
      readonly reason: string
    }
  /** Every file that the pattern matched at the start has its first position. */
  | { readonly kind: 'begun'; readonly pattern: string }
  | { readonly kind: 'note'; readonly text: string }
