/** Counts durations in steps of 10 µs up to 20 s, so that millions of them cost no memory. */
const stepMs = 0.01
const steps = 2_000_000

export class Histogram {
  readonly #counts = new Uint32Array(steps + 1)
  #total = 0

  add(ms: number): void {
    const step = Math.min(steps, Math.max(0, Math.floor(ms / stepMs)))
    this.#counts[step] = (this.#counts[step] ?? 0) + 1
    this.#total += 1
  }

  get total(): number {
    return this.#total
  }

  /** The duration that a share (0.5, 0.99) of all stays under; NaN when there are none. */
  percentile(share: number): number {
    let left = Math.ceil(this.#total * share)
    for (let step = 0; step <= steps; step += 1) {
      left -= this.#counts[step] ?? 0
      if (left <= 0 && this.#total > 0) return (step + 1) * stepMs
    }
    return Number.NaN
  }
}
