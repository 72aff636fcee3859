/** The native scrollbar of a view: a runway as high as the log, and a thumb where the reader is. */
import { type Drawn, type Extent, runwayPx, topMax, topOf } from './geometry.ts'

export interface ScrollbarState {
  readonly drawn: Drawn
  /** The reader moves it just now: it is left where it is. */
  readonly isScrolling: boolean
  readonly isFollowing: boolean
}

export class LogScrollbar {
  readonly #scroller: HTMLElement
  readonly #runway: HTMLElement
  #runwayPx = -1

  constructor({
    scroller,
    runway,
  }: {
    readonly scroller: HTMLElement
    readonly runway: HTMLElement
  }) {
    this.#scroller = scroller
    this.#runway = runway
  }

  /** Puts it where it belongs; gives where it is now, and whether that is not where it should be. */
  place(
    extent: Extent,
    { drawn, isScrolling, isFollowing }: ScrollbarState,
  ): { readonly top: number; readonly isOff: boolean } {
    const px = runwayPx(extent)
    const isLower = px < this.#runwayPx
    if (px !== this.#runwayPx) {
      this.#runwayPx = px
      this.#runway.style.height = `${px}px`
    }
    // Of a lower runway the browser has moved the scrollbar already.
    if (isScrolling && !isLower) return { top: drawn.top, isOff: false }
    const wanted = isFollowing ? topMax(extent) : topOf(extent, drawn.place)
    let { top } = drawn
    if (Math.abs(wanted - top) > 1) {
      this.#scroller.scrollTop = wanted
      // Read back: it may be clamped, or fractional on a dense screen.
      top = this.#scroller.scrollTop
    }
    // Chromium can report the old height once more after the runway has grown.
    return { top, isOff: Math.abs(top - wanted) > 2 }
  }
}
