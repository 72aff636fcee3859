/** Vitest calls this before the chaos suite: the packages of that suite, and the seed to repeat it. */
import { seedOfProcess } from './seeded-random.ts'
import { chaosPackages, ensurePackages, systemPackages } from './system-packages.ts'

export function setup(): void {
  ensurePackages([...systemPackages, ...chaosPackages])
  // Test files run in processes of their own: all of them get the one seed that is printed.
  process.env['FARGLASS_SEED'] = String(seedOfProcess())
  console.error(`chaos: FARGLASS_SEED=${process.env['FARGLASS_SEED']} repeats this`)
}
