import { expect, test } from 'vitest'
import type { RunId } from '../../shared/run.ts'
import { HotBrake } from './hot-brake.ts'

const run = 'r0000000000000000000000001'
const nobody: ReadonlySet<RunId> = new Set()

test('a run that is new is held, too, before anybody has measured it', async () => {
  const brake = new HotBrake()
  brake.keepOnly(nobody, 100)
  brake.added(run, 99)
  expect(brake.holds(run)).toBe(false)
  brake.added(run, 1)
  expect(brake.holds(run)).toBe(true)
  // The list was made before the run.
  brake.keepOnly(nobody, 100)
  expect(brake.holds(run)).toBe(true)
  const released = brake.released(run)
  await brake.measure(run, 100, () => Promise.resolve(40))
  await released
  brake.added(run, 60)
  expect(brake.holds(run)).toBe(true)
})

test('a run that is in no list any more is forgotten, and nobody waits once nothing is measured', async () => {
  const brake = new HotBrake()
  brake.keepOnly(new Set([run]), 100)
  await brake.measure(run, 100, () => Promise.resolve(100))
  expect(brake.holds(run)).toBe(true)
  brake.keepOnly(nobody, 100)
  expect(brake.holds(run)).toBe(false)
  brake.added(run, 100)
  const released = brake.released(run)
  brake.letGo()
  await released
})
