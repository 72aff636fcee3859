/** Finds the places of a pattern in the rows in sight: text at once, a regular expression in a worker with a deadline. */
import { compilePattern, type TextPattern } from '../../../shared/text-pattern.ts'
import { type HitPlace, hitPlaces } from './hit-places.ts'
import { createPatternAsker } from './pattern-asker.ts'

export interface HitFinder {
  /** Null when it took too long; the pattern is hopeless then. Rejects with `bad-pattern`. */
  find(pattern: TextPattern, texts: readonly string[]): Promise<readonly HitPlace[][] | null>
  close(): void
}

export function createHitFinder(): HitFinder {
  const asker = createPatternAsker()
  return {
    find: async (pattern, texts) => {
      if (!pattern.isRegex) return hitPlaces(pattern, texts)
      // One that is none is noticed here, and takes no time.
      compilePattern(pattern)
      return asker.places(pattern, texts)
    },
    close: () => asker.close(),
  }
}
