/** Brings dist/ up to date before tests that run the built product. */
import { ensureBuilt } from '../../scripts/build.ts'

/** Vitest calls this once before the tests of a project that lists this file under `globalSetup`. */
export function setup(): void {
  ensureBuilt()
}
