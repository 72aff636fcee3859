/** One limit with another value for the length of a test. */
import { automationLimits } from '../../src/shared/automation-limits.ts'
import { limits } from '../../src/shared/limits.ts'

type Limits = typeof limits & typeof automationLimits

/** Gives what sets the real one again. */
export function setLimit(name: keyof Limits, value: number): () => void {
  // They are constants for everybody else.
  const changeable: Record<string, number> = name in limits ? limits : automationLimits
  const real = changeable[name] ?? 0
  changeable[name] = value
  return () => void (changeable[name] = real)
}
