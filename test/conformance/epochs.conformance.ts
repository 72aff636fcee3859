/** What a store promises that may lose what it has confirmed: it notes where each ownership of a run began. */
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import { takeOver } from '../support/take-over.ts'
import { addRun, appendTo, lines, type TestedStore } from './store.conformance.ts'

export function testEpochs(name: string, open: () => Promise<TestedStore>): void {
  describe(`${name}: ownerships`, () => {
    test('notes where each ownership after the first began, in the run and whose the log is', async () => {
      await using store = await open()
      const run = await addRun(store)
      expect(run.epochs).toEqual([])
      await store.log.append(appendTo(run, 0, lines('a', 'b')))
      const second = await takeOver(store.catalog, run.id, 'second')
      const third = await takeOver(store.catalog, run.id, 'third')
      await store.log.append(appendTo(third.run, 2, lines('c')))
      const fourth = await takeOver(store.catalog, run.id, 'fourth')
      const epochs = [second, third, fourth].map(({ run: { epoch, next: from } }) => ({
        epoch,
        from,
      }))
      expect(epochs.map(({ from }) => from)).toEqual([2, 2, 3])
      expect(fourth.run).toMatchObject({ epochs, reset: epochs.at(-1) })
      expect(await store.catalog.get(run.id)).toMatchObject({ epochs, reset: epochs.at(-1) })
      expect((await store.log.bounds(run.id)).epoch).toBe(fourth.run.epoch)
    })

    test('notes so many of them, and of more that the oldest began where the first of them did', async () => {
      await using store = await open()
      const run = await addRun(store)
      const began: number[] = []
      for (let pos = 0; pos < limits.epochsMax + 3; pos++) {
        const { run: taken } = await takeOver(store.catalog, run.id, `owner ${pos}`)
        await store.log.append(appendTo(taken, pos, lines('x')))
        began.push(taken.epoch)
      }
      const { epochs = [] } = (await store.catalog.get(run.id)) ?? {}
      expect(epochs.map(({ epoch }) => epoch)).toEqual(began.slice(3))
      expect(epochs.map(({ from }) => from)).toEqual([0, ...[...began.keys()].slice(4)])
    })
  })
}
