/** One limit with another value for the length of a test. */
import { limits } from '../../src/shared/limits.ts'

/** Gives what sets the real one again. */
export function setLimit(name: keyof typeof limits, value: number): () => void {
  // They are constants for everybody else.
  const changeable: Record<string, number> = limits
  const real = limits[name]
  changeable[name] = value
  return () => void (changeable[name] = real)
}
