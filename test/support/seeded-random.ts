/** Random numbers that a printed seed gives again: `FARGLASS_SEED=N` repeats what a test has done. */

export interface SeededRandom {
  readonly seed: number
  /** From 0 up to, but without, 1. */
  next(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(all: readonly [T, ...T[]]): T
}

/** The seed of this process: the one that FARGLASS_SEED names, else a new one. */
export function seedOfProcess(): number {
  const given = process.env['FARGLASS_SEED']
  if (given === undefined || given === '') return Date.now() % 1_000_000_000
  if (!/^[0-9]{1,15}$/.test(given)) throw new Error(`FARGLASS_SEED is no whole number: ${given}`)
  return Number(given)
}

/** The generator "mulberry32": small, and the same everywhere. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed ^ (seed / 2 ** 32), 0x9e37_79b1) >>> 0
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    seed,
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (all) => all[Math.floor(next() * all.length)] ?? all[0],
  }
}
