/** F2: the store's process killed at every one of its writes and syncs, one after the other. */
import { expect, test } from 'vitest'
import { type CrashReport, crashAt } from '../support/crash-points.ts'
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
