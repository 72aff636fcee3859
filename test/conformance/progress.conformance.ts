/** What every store promises about progress: where a task goes on reading after a restart. */
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import type { Run } from '../../src/shared/run.ts'
import { takeOver } from '../support/take-over.ts'
import { addRun, appendTo, lines, newId, type TestedStore } from './store.conformance.ts'

export function testProgress(name: string, open: () => Promise<TestedStore>): void {
  describe(`${name}: progress`, () => {
    testKept(open)
    testRefused(open)
  })
}

function testKept(open: () => Promise<TestedStore>): void {
  test('gives who takes a run over the progress that was stored with its lines', async () => {
    await using store = await open()
    const [run, other] = [await addRun(store), await addRun(store)]
    await store.log.append(withProgress(run, 0, [0, 'file a at 2\n\0"ä🙂\ud800']))
    await store.log.append(withProgress(other, 0, [0, 'of the other run']))
    const acquired = await takeOver(store.catalog, run.id, 'new')
    expect(acquired.run).toMatchObject({ epoch: 2, next: 1 })
    expect([...acquired.progress]).toEqual([[0, 'file a at 2\n\0"ä🙂\ud800']])
  })

  test('has none for a run that was never given any', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(appendTo(run, 0, lines('a')))
    expect((await takeOver(store.catalog, run.id, 'new')).progress.size).toBe(0)
  })

  test('keeps the last value of each task, whether it came with lines or without', async () => {
    await using store = await open()
    const run = await addRun(store)
    await Promise.all([
      store.log.append(withProgress(run, 0, [0, 'a'], [1, 'x'])),
      store.log.append(withProgress(run, 1, [0, 'b'], [0, 'c'])),
      store.catalog.save({ ...saveOf(run), progress: [{ task: 0, value: 'd' }] }),
      store.log.append(appendTo(run, 2, lines('without'))),
    ])
    await store.catalog.save(saveOf(run))
    expect(await progressIn(store, run)).toEqual({ 0: 'd', 1: 'x' })
    await store.log.append({ ...withProgress(run, 3, [1, '']), epoch: 2 })
    expect(await progressIn(store, run)).toEqual({ 0: 'd', 1: '' })
  })

  test('shows nothing of it in the run that viewers see', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(withProgress(run, 0, [0, 'secret path']))
    const { run: acquired } = await takeOver(store.catalog, run.id, 'new')
    const seen = [acquired, await store.catalog.get(run.id), await store.catalog.list({ limit: 9 })]
    expect(JSON.stringify(seen)).not.toContain('secret path')
    const { epochs, reset } = acquired
    expect(acquired).toEqual({ ...run, epoch: 2, next: 1, lines: 1, epochs, reset })
  })

  test('keeps it when the lines are dropped, as the task goes on', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(withProgress(run, 0, [0, 'at 2']))
    await store.log.drop(run.id)
    expect(await progressIn(store, run)).toEqual({ 0: 'at 2' })
  })
}

function testRefused(open: () => Promise<TestedStore>): void {
  test('leaves it alone when the lines are not stored: hole, old owner, duplicate', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(withProgress(run, 0, [0, 'good']))
    const answers = [
      await store.log.append(withProgress(run, 2, [0, 'gap'])),
      await store.log.append(withProgress(run, 0, [0, 'duplicate'])),
      await store.log.append({ ...withProgress(run, 1, [0, 'fenced']), epoch: 9 }),
    ]
    expect(answers.map(({ kind }) => kind)).toEqual(['gap', 'duplicate', 'fenced'])
    const late = { ...saveOf(run), progress: [{ task: 0, value: 'late' }] }
    await store.catalog.save({ ...late, epoch: 9 })
    await store.catalog.save({ ...late, run: newId() })
    expect(await progressIn(store, run)).toEqual({ 0: 'good' })
  })

  test('takes the largest progress, and refuses one byte more with all that came with it', async () => {
    await using store = await open()
    const run = await addRun(store)
    // Two bytes each: the limit is on what is stored, not on characters.
    const largest = 'ä'.repeat(limits.progressBytesMax / 2)
    expect(await store.log.append(withProgress(run, 0, [0, largest]))).toMatchObject({
      kind: 'stored',
    })
    const over = { code: 'progress-too-large' }
    const append = store.log.append(withProgress(run, 1, [0, `${largest}x`]))
    await expect(append).rejects.toMatchObject(over)
    const value = `${largest}x`
    const save = store.catalog.save({ ...saveOf(run), progress: [{ task: 0, value }] })
    await expect(save).rejects.toMatchObject(over)
    expect(await store.log.bounds(run.id)).toMatchObject({ first: 0, next: 1 })
    expect(await progressIn(store, run)).toEqual({ 0: largest })
  })
}

/** One line with the progress of these tasks. */
function withProgress(run: Run, pos: number, ...values: readonly [number, string][]) {
  const progress = values.map(([task, value]) => ({ task, value }))
  return { ...appendTo(run, pos, lines('line')), progress }
}

function saveOf(run: Run) {
  return { run: run.id, epoch: run.epoch, tasks: [] }
}

async function progressIn(store: TestedStore, run: Run): Promise<Record<number, string>> {
  return Object.fromEntries((await takeOver(store.catalog, run.id, 'reader')).progress)
}
