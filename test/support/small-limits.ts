/** Limits so small that a few lines reach them: full batches, segments, cold reads, a writer that holds its tasks back. */
import { limits } from '../../src/shared/limits.ts'

const small: Partial<Record<keyof typeof limits, number>> = {
  lineSegmentBytesMax: 100,
  batchBytesMax: 60,
  batchLinesMax: 5,
  uncommittedBytesMax: 400,
  feedTailBytesMin: 200,
  feedTailBytesMax: 500,
  catchUpBytesMax: 300,
  catchUpReadsMax: 2,
  catchUpCachedMax: 3,
  partialBytesMax: 16,
  runsActiveMax: 2,
}

/** Sets them; gives what sets the real ones again. */
export function setSmallLimits(): () => void {
  // They are constants for everybody else; here they change between simulations, never within one.
  const changeable: Record<string, number> = limits
  const real = { ...limits }
  Object.assign(changeable, small)
  return () => void Object.assign(changeable, real)
}
