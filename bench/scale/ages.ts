/** Ages of shown lines, in windows of time: each a histogram whose steps grow by 5 %. */
const growth = Math.log(1.05)
const steps = 260

export class Ages {
  readonly #windowMs: number
  readonly #windows: Float64Array[] = []

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(nowMs: number, ageMs: number, lines: number): void {
    const at = Math.floor(nowMs / this.#windowMs)
    const window = (this.#windows[at] ??= new Float64Array(steps))
    const step = Math.min(steps - 1, Math.max(0, Math.round(Math.log(Math.max(ageMs, 1)) / growth)))
    window[step] = (window[step] ?? 0) + lines
  }

  /** In ms, over all windows that begin within; 0 when no line was shown. */
  percentile(share: number, fromMs: number, toMs: number): number {
    const sum = new Float64Array(steps)
    const windows = this.#windows.slice(this.#at(fromMs), this.#at(toMs))
    for (const window of windows)
      window?.forEach((lines, step) => (sum[step] = (sum[step] ?? 0) + lines))
    let left = sum.reduce((all, lines) => all + lines, 0) * share
    for (const [step, lines] of sum.entries()) {
      left -= lines
      if (lines > 0 && left <= 0) return Math.exp(step * growth)
    }
    return 0
  }

  /** The highest of the windows. */
  worst(share: number, fromMs: number, toMs: number): number {
    let worst = 0
    for (let at = fromMs; at < toMs; at += this.#windowMs)
      worst = Math.max(worst, this.percentile(share, at, at + this.#windowMs))
    return worst
  }

  /** From `fromMs` until the share of all later windows up to `toMs` stays within the bound. */
  settledAfterMs(
    share: number,
    boundMs: number,
    [fromMs, toMs]: readonly [number, number],
  ): number {
    let settled = fromMs
    for (let at = fromMs; at < toMs; at += this.#windowMs)
      if (this.percentile(share, at, at + this.#windowMs) > boundMs) settled = at + this.#windowMs
    return settled - fromMs
  }

  #at(ms: number): number {
    return Math.round(ms / this.#windowMs)
  }
}
