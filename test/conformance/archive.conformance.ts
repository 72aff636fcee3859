/** What every archive promises, as one suite over a factory: memory and directory. */
import { describe, expect, test } from 'vitest'
import type { Archive } from '../../src/core/store/archive.ts'
import type { PlacedGroup } from '../../src/shared/line-group.ts'
import { newRun } from './store.conformance.ts'

export function testArchive(name: string, open: () => Promise<Archive & AsyncDisposable>): void {
  describe(`${name}: archive`, () => {
    test('gives a range back as it was put, whatever the lines are', async () => {
      await using archive = await open()
      const run = newRun().id
      const groups = [
        group(7, 'one\ntwo\n'),
        { ...group(9, 'half'), end: 'unterminated', channel: 'err', task: 3 } as const,
        { ...group(10, '\u0000\uFFFD\n'), file: '/var/log/ä' },
        { ...group(11, 'x'.repeat(300_000)), end: 'continued' } as const,
      ]
      const put = await archive.put(run, groups)
      expect(put).toMatchObject({ from: 7, next: 12 })
      expect(put.bytes).toBeGreaterThan(0)
      expect(plain(await archive.load(run, put))).toEqual(plain(groups))
    })

    test('lists the ranges of a run by where they begin, and no other', async () => {
      await using archive = await open()
      const [run, other] = [newRun().id, newRun().id]
      await archive.put(run, [group(2, 'c\n')])
      await archive.put(run, [group(0, 'a\nb\n')])
      await archive.put(other, [group(0, 'z\n')])
      const ranges = await archive.ranges(run)
      expect(ranges).toEqual([
        { from: 0, next: 2 },
        { from: 2, next: 3 },
      ])
      expect(await archive.ranges(newRun().id)).toEqual([])
    })

    test('takes the same range twice at once, and ranges that overlap', async () => {
      await using archive = await open()
      const run = newRun().id
      const same = [group(0, 'a\nb\n')]
      await Promise.all([archive.put(run, same), archive.put(run, same)])
      await archive.put(run, [group(0, 'a\nb\nc\n')])
      const ranges = await archive.ranges(run)
      expect(ranges.map(({ next }) => next)).toEqual([2, 3])
      expect(plain(await archive.load(run, { from: 0, next: 2 }))).toEqual(plain(same))
    })

    test('knows nothing of a range that is not there, or that was removed', async () => {
      await using archive = await open()
      const run = newRun().id
      const range = { from: 0, next: 2 }
      expect(await archive.load(run, range)).toBeUndefined()
      await archive.put(run, [group(0, 'a\nb\n')])
      await archive.remove(run)
      await archive.remove(run)
      expect(await archive.ranges(run)).toEqual([])
      expect(await archive.load(run, range)).toBeUndefined()
    })
  })
}

function group(pos: number, text: string): PlacedGroup {
  const count = Math.max(1, text.split('\n').length - 1)
  const bytes = new TextEncoder().encode(text)
  return { pos, task: 0, channel: 'out', time: 1_000 + pos, count, bytes, end: 'newline' }
}

/** Arrays of bytes are equal whatever their class. */
function plain(groups: readonly PlacedGroup[] | undefined): unknown {
  return groups?.map((each) => ({ ...each, bytes: Buffer.from(each.bytes).toString('base64') }))
}
