/** Draws the bars of a histogram: lines by interval, those of stderr on top, matches as ticks, and bands. */
import type { LineTally } from './line-tally.ts'

export interface Band {
  /** On the axis of the tally. */
  readonly from: number
  readonly to: number
  readonly kind: 'seen' | 'chosen'
}

export interface HistogramPicture {
  readonly lines: LineTally
  /** Of matches. */
  readonly times: readonly number[]
  readonly bands: readonly Band[]
  /** End of the axis. */
  readonly to: number
}

/** Room for the ticks of matches above the bars. */
const ticksPx = 5

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
  const { lines, times, bands, to } = picture
  const x = (value: number): number => ((value - lines.from) / (to - lines.from)) * width

  for (const band of bands) {
    const [left, right] = [x(band.from), Math.max(x(band.to), x(band.from) + 2)]
    context.fillStyle = color(band.kind === 'seen' ? '--band' : '--band-chosen')
    context.fillRect(left, 0, right - left, height)
    context.fillStyle = color('--accent')
    for (const edge of [left, right - 1.5]) context.fillRect(edge, 0, 1.5, height)
  }
  const most = Math.max(1, ...lines.bars.map(({ out, err }) => out + err))
  const room = height - ticksPx
  const barWidth = x(lines.from + lines.width)
  for (const [at, { out, err }] of lines.bars.entries()) {
    if (out + err === 0) continue
    const left = at * barWidth
    const wide = Math.max(1, barWidth - 1)
    // Whoever wrote one line has written.
    const all = Math.max(2, ((out + err) / most) * room)
    const errors = err === 0 ? 0 : Math.max(2, (err / most) * room)
    context.fillStyle = color('--bar')
    context.fillRect(left, height - all, wide, all)
    context.fillStyle = color('--err')
    context.fillRect(left, height - all, wide, errors)
  }
  context.fillStyle = color('--mark-on')
  const ticks = new Set(times.map((time) => Math.round(x(time))))
  for (const left of ticks) context.fillRect(left, 0, 2, ticksPx - 2)
}
