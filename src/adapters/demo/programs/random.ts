/** Random numbers that repeat with their seed, so that a demo can be shown twice. */
export interface Random {
  /** A whole number from `min` to `max`, both possible. */
  int(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
  /** `length` digits and letters a to f. */
  hex(length: number): string
}

export function seededRandom(seed: string): Random {
  let state = Buffer.from(seed).reduce((sum, byte) => (sum * 31 + byte) | 0, 7)
  // The public-domain generator "mulberry32": small, and good enough to look varied.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (list) => list[int(0, list.length - 1)] ?? list[0],
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
  }
}
