/** How much of its newest lines a run may keep in memory beside others. */
import { limits } from '../../shared/limits.ts'

/** Each run's share of the memory for tails, so that many runs take no more than a few. */
export function tailBytes(others: number): number {
  const share = Math.floor(limits.feedTailsBytesMax / (others + 1))
  return Math.min(limits.feedTailBytesMax, Math.max(limits.feedTailBytesMin, share))
}
