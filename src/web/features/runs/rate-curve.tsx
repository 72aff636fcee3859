/** A small curve of how much a host has written in the last minute. The figure beside it says the same. */
import type { VNode } from 'preact'

const width = 52
const height = 14

export function RateCurve({ rates }: { readonly rates: readonly number[] }): VNode | null {
  if (rates.length === 0) return null
  return (
    <svg class="rate-curve" viewBox={`0 -1 ${width} ${height + 2}`} aria-hidden="true">
      <path d={curveOf(rates)} />
    </svg>
  )
}

/** Each curve has its own scale: what counts is whether a host goes on as before. */
function curveOf(rates: readonly number[]): string {
  const most = Math.max(...rates)
  const step = width / (rates.length - 1)
  const points = rates.map((rate, at) => {
    const y = height - (rate / most) * height
    return `${(at * step).toFixed(1)} ${y.toFixed(1)}`
  })
  return `M${points.join('L')}`
}
