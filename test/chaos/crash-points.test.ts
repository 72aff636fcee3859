/** F2: a process killed at its writes and syncs of the store, one after the other. */
import { expect, test } from 'vitest'
import { type CrashReport, crashAt } from '../support/crash-points.ts'
import { crashRunAt, type RunCrashReport } from '../support/run-crash-points.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { startSshd } from '../support/sshd.ts'
import { tellFigure } from '../support/tell-figure.ts'

test('F2: killed at each write or sync of an ingest, no acknowledged line is lost and no position has two texts', async () => {
  const reports: CrashReport[] = []
  let next = 1
  // A kill ends most runs early, so two at once keep two processors busy.
  const work = async (): Promise<void> => {
    for (let isLast = false; !isLast; ) {
      const report = await crashAt(next++)
      reports.push(report)
      isLast = !report.wasKilled
    }
  }
  await Promise.all([work(), work()])
  const kills = reports.filter((report) => report.wasKilled)
  tellFigure(`F2: ${kills.length} kills, one at each call`)
  expect(kills.length).toBeGreaterThan(50)
  // The kills came before, between and after the acknowledgements.
  expect(kills.some(({ acknowledged }) => acknowledged === 0)).toBe(true)
  expect(new Set(kills.map(({ acknowledged }) => acknowledged)).size).toBeGreaterThan(5)
}, 3_600_000)

test('F2: a server killed at its n-th write during a durable run loses none of its lines, and starts it once at most', async () => {
  await using sshd = await startSshd()
  const reports: RunCrashReport[] = []
  // The run has some hundred writes: each of eight neighbours comes up with another seed.
  for (let at = 1 + (seedOfProcess() % 8), isLast = false; !isLast; at += 8) {
    const report = await crashRunAt(at, sshd)
    reports.push(report)
    isLast = !report.wasKilled
  }
  const kills = reports.filter((report) => report.wasKilled)
  tellFigure(`F2: ${kills.length} kills during a durable run`)
  expect(kills.length).toBeGreaterThan(3)
}, 1_800_000)
