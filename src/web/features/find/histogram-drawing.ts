/** Draws the bars of a histogram: lines by interval, what is gravest on top, matches as ticks, and bands. */
import { type BarSplit, barParts } from './bar-parts.ts'
import { barLines, type LineTally } from './line-tally.ts'

export interface Band {
  /** On the axis of the tally. */
  readonly from: number
  readonly to: number
  readonly kind: 'seen' | 'chosen'
}

export interface HistogramPicture {
  readonly lines: LineTally
  readonly split: BarSplit
  /** Of matches. */
  readonly times: readonly number[]
  readonly bands: readonly Band[]
  /** End of the axis. */
  readonly to: number
}

/** Room for the ticks of matches above the bars. */
const ticksPx = 5
const leastPx = 2

export function drawHistogram(canvas: HTMLCanvasElement, picture: HistogramPicture): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const scale = devicePixelRatio
  const { clientWidth: width, clientHeight: height } = canvas
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  context.scale(scale, scale)
  const style = getComputedStyle(canvas)
  const color = (name: string): string => style.getPropertyValue(name)
  const { lines, split, times, bands, to } = picture
  const x = (value: number): number => ((value - lines.from) / (to - lines.from)) * width

  for (const band of bands) {
    const [left, right] = [x(band.from), Math.max(x(band.to), x(band.from) + 2)]
    context.fillStyle = color(band.kind === 'seen' ? '--band' : '--band-chosen')
    context.fillRect(left, 0, right - left, height)
    context.fillStyle = color('--accent')
    for (const edge of [left, right - 1.5]) context.fillRect(edge, 0, 1.5, height)
  }
  const most = Math.max(1, ...lines.bars.map(barLines))
  const room = height - ticksPx
  const barWidth = x(lines.from + lines.width)
  for (const [at, bar] of lines.bars.entries()) {
    const count = barLines(bar)
    if (count === 0) continue
    const left = at * barWidth
    const wide = Math.max(1, barWidth - 1)
    // Whoever wrote one line has written.
    let top = height - Math.max(leastPx, (count / most) * room)
    for (const part of barParts(bar, split)) {
      if (part.count === 0) continue
      // Down to the foot: the next part is drawn over it.
      context.fillStyle = color(part.color)
      context.fillRect(left, top, wide, height - top)
      top += Math.max(leastPx, (part.count / most) * room)
    }
  }
  context.fillStyle = color('--mark-on')
  const ticks = new Set(times.map((time) => Math.round(x(time))))
  for (const left of ticks) context.fillRect(left, 0, 2, ticksPx - 2)
}
