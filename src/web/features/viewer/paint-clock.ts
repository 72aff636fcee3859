/** When the log is painted: at once for the reader, and at most so often for lines that come. */

export interface PaintClock {
  /** With the next frame. */
  now(): void
  /** With the next frame, or later when the last paint was just now: a paint costs the same for 1 or 1,000 new lines. */
  soon(linesPerSecond: number): void
  /** From within a paint: once more. */
  again(): void
  stop(): void
}

const capMs = 50
/** Faster than anybody reads: half of the paints is enough. */
const fastLinesPerSecond = 20_000
const fastCapMs = 100
/** Less than this is not worth a timer. */
const leastMs = 4

export function createPaintClock(paint: () => void): PaintClock {
  let last = 0
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function now(): void {
    clearTimeout(timer)
    timer = undefined
    if (frame !== 0) return
    frame = requestAnimationFrame(() => {
      frame = 0
      last = performance.now()
      paint()
    })
  }

  return {
    now,
    again: now,
    soon(linesPerSecond) {
      if (frame !== 0 || timer !== undefined) return
      const cap = linesPerSecond > fastLinesPerSecond ? fastCapMs : capMs
      const wait = cap - (performance.now() - last)
      if (wait < leastMs) now()
      else timer = setTimeout(now, wait)
    },
    stop() {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    },
  }
}
