/** Promises of every matcher: the same matches as the reference, whatever the thread they are found in. */
import { expect, test } from 'vitest'
import type { Matchers, MatchJob } from '../../src/core/search/matchers.ts'
import { type PlacedGroup, textsOf } from '../../src/shared/line-group.ts'
import { anyLine } from '../../src/shared/search-query.ts'

const group = (text: string, more: Partial<PlacedGroup> = {}): PlacedGroup => ({
  pos: 0,
  task: 0,
  channel: 'out',
  time: 1_000,
  count: text.split('\n').length - 1,
  bytes: new TextEncoder().encode(text),
  end: 'newline',
  ...more,
})

const jobFor = (text: string, isRegex = false): MatchJob => ({
  rules: {
    ...anyLine,
    texts: [{ pattern: { text, isRegex, ignoresCase: true }, isInverse: false }],
  },
  axis: null,
})

const all = { skip: 0, limit: 1_000 }

export function matchersConformance(open: () => Matchers & Partial<AsyncDisposable>): void {
  async function withMatchers(use: (matchers: Matchers) => Promise<void>): Promise<void> {
    const matchers = open()
    try {
      await use(matchers)
    } finally {
      await matchers[Symbol.asyncDispose]?.()
    }
  }

  test('gives the matching lines of each share with their positions, and leaves the bytes alone', () =>
    withMatchers(async (matchers) => {
      await using matcher = await matchers.open(jobFor('A'), new AbortController().signal)
      const groups = [
        group('a\nb\nça\n', { pos: 7 }),
        group('x\na', { pos: 10, channel: 'err', count: 2, end: 'unterminated', file: '/f' }),
      ]
      const first = await matcher.take(groups, all)
      expect(first.count).toBe(3)
      expect(first.groups.map(({ pos, channel, end, file }) => [pos, channel, end, file])).toEqual([
        [7, 'out', 'newline', undefined],
        [9, 'out', 'newline', undefined],
        [11, 'err', 'unterminated', '/f'],
      ])
      expect(first.groups.flatMap((each) => textsOf(each))).toEqual(['a', 'ça', 'a'])
      expect(groups.flatMap((each) => textsOf(each))).toEqual(['a', 'b', 'ça', 'x', 'a'])
      const second = await matcher.take([group('a\na\na\n', { pos: 12 })], { skip: 1, limit: 1 })
      expect([second.count, second.groups.map(({ pos }) => pos)]).toEqual([3, [13]])
    }))

  test('counts by interval', () =>
    withMatchers(async (matchers) => {
      const axis = { kind: 'time', from: 0, to: 2_000, buckets: 4, withLevels: true } as const
      const job = { rules: anyLine, axis }
      await using matcher = await matchers.open(job, new AbortController().signal)
      const groups = [
        group('[error] a\nb\n'),
        group('c\n', { pos: 2, time: 9_000, channel: 'note' }),
      ]
      expect((await matcher.take(groups, { skip: 0, limit: 0 })).buckets).toEqual([
        { index: 2, pos: 0, channels: { out: 2, err: 0, note: 0 }, levels: { error: 1 } },
        { index: 3, pos: 2, channels: { out: 0, err: 0, note: 1 }, levels: {} },
      ])
    }))

  test('gives nothing more once its search is stopped, and the next search goes on', () =>
    withMatchers(async (matchers) => {
      const stop = new AbortController()
      {
        await using matcher = await matchers.open(jobFor('a'), stop.signal)
        stop.abort(new Error('enough'))
        await expect(matcher.take([group('a\n')], all)).rejects.toThrow('enough')
      }
      await using other = await matchers.open(jobFor('a'), new AbortController().signal)
      expect((await other.take([group('a\n')], all)).count).toBe(1)
    }))

  test('opens none for a search that is stopped already', () =>
    withMatchers(async (matchers) => {
      const stop = new AbortController()
      stop.abort(new Error('enough'))
      await expect(
        (async () => {
          await using matcher = await matchers.open(jobFor('a'), stop.signal)
          await matcher.take([group('a\n')], all)
        })(),
      ).rejects.toThrow('enough')
    }))
}
