import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import { type LineGroup, textsOf } from '../../shared/line-group.ts'
import { anyLine, type SearchQuery } from '../../shared/search-query.ts'
import { newTask } from '../runs/task-state.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { createMatch, inlineMatchers, type Matchers } from './matchers.ts'
import { createSearch, type SearchAsk, type SearchReport } from './search.ts'

const run = sampleRun({ tasks: [newTask(0, 'web-1'), newTask(1, 'web-2')] })
const never = new AbortController().signal

function groupOf(lines: readonly string[], more: Partial<LineGroup> = {}): LineGroup {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
  const time = Date.parse('2026-01-01T00:00:10Z')
  return { task: 0, channel: 'out', time, count: lines.length, bytes, end: 'newline', ...more }
}

/** A search in a run that holds these groups, one batch each. */
async function searchIn(groups: readonly LineGroup[], matchers: Matchers = inlineMatchers) {
  const store = createMemoryStore()
  await store.catalog.create(run, 'test')
  let pos = 0
  for (const group of groups) {
    await store.log.append({ run: run.id, epoch: 1, pos, groups: [group], tasks: [] })
    pos += group.count
  }
  const clock = manualClock()
  const runs = { get: async () => (await store.catalog.get(run.id)) ?? run }
  return { clock, search: createSearch({ log: store.log, runs, matchers, clock }) }
}

const texts = (text: string) => [
  { pattern: { text, isRegex: false, ignoresCase: true }, isInverse: false },
]
const query = (more: Partial<SearchQuery>): SearchQuery => ({ ...anyLine, ...more })

async function all(reports: AsyncIterable<SearchReport>): Promise<SearchReport[]> {
  const found: SearchReport[] = []
  for await (const report of reports) found.push(report)
  return found
}

function ask(more: Partial<SearchAsk>): SearchAsk {
  return { run: run.id, query: anyLine, order: 'forward', limit: 1_000, ...more }
}

function hitsOf(reports: readonly SearchReport[]): number[] {
  return reports.flatMap((report) =>
    report.kind === 'end'
      ? []
      : report.groups.flatMap(({ pos, count }) =>
          Array.from({ length: count }, (_, at) => pos + at),
        ),
  )
}

describe('a search', () => {
  const lines = Array.from({ length: 3_000 }, (_, at) => `line ${at} ${'x'.repeat(2_000)}`)
  const batches = Array.from({ length: 30 }, (_, at) =>
    groupOf(lines.slice(at * 100, at * 100 + 100)),
  )

  test.each(['forward', 'backward'] as const)('%s looks through every line once', async (order) => {
    const { search } = await searchIn(batches)
    const reports = await all(
      search.search(ask({ order, query: query({ texts: texts('7 x') }) }), never),
    )
    const spans = reports.filter((report) => report.kind === 'span')
    expect(spans.length).toBeGreaterThan(3)
    const inOrder = order === 'forward' ? spans : spans.toReversed()
    expect(inOrder[0]?.from).toBe(0)
    for (const [at, span] of inOrder.entries()) expect(span.to).toBe(inOrder[at + 1]?.from ?? 3_000)
    expect(reports.at(-1)).toEqual({ kind: 'end', from: 0, to: 3_000, count: 300, stopped: null })
    const expected = lines.flatMap((_, at) => (at % 10 === 7 ? [at] : []))
    expect(hitsOf(reports).toSorted((a, b) => a - b)).toEqual(expected)
  })

  test('gives as many lines as asked for, and counts the others', async () => {
    const { search } = await searchIn(batches)
    const wanted = { query: query({ texts: texts('7 x') }), limit: 3 }
    const forward = await all(search.search(ask(wanted), never))
    expect(hitsOf(forward)).toEqual([7, 17, 27])
    expect(forward.at(-1)).toMatchObject({ count: 300 })
    const backward = await all(search.search(ask({ ...wanted, order: 'backward' }), never))
    expect(hitsOf(backward)).toEqual([2_977, 2_987, 2_997])
    expect(backward.at(-1)).toMatchObject({ count: 300 })
  })

  test('finds the same from both ends, whatever the sizes of the batches', async () => {
    const sizes = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 3, 300_000)),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(60), fc.nat(300), async (batch, from, to) => {
        const { search } = await searchIn(
          batch.map(([count, size]) =>
            groupOf(
              Array.from(
                { length: count },
                (_, at) => `${at % 3 === 0 ? 'hit' : ''}${at === 0 ? 'y'.repeat(size) : ''}`,
              ),
            ),
          ),
        )
        const wanted = { query: query({ texts: texts('hit'), from, to }) }
        const forward = await all(search.search(ask(wanted), never))
        const backward = await all(search.search(ask({ ...wanted, order: 'backward' }), never))
        expect(hitsOf(backward).toSorted((a, b) => a - b)).toEqual(hitsOf(forward))
        expect(backward.at(-1)).toEqual(forward.at(-1))
      }),
      { numRuns: 60 },
    )
  })

  test('is of the hosts that are named', async () => {
    const { search } = await searchIn([groupOf(['a']), groupOf(['b'], { task: 1 })])
    const hits = async (hosts: string[]) =>
      hitsOf(await all(search.search(ask({ query: query({ hosts }) }), never)))
    expect(await hits(['web-2'])).toEqual([1])
    expect(await hits(['web-1', 'web-2'])).toEqual([0, 1])
    expect(await hits(['db-1'])).toEqual([])
  })

  test.each([
    ['is stopped when its time is up, says how far it came, and can be gone on with', false],
    ['says so when a pattern takes too long on one line', true],
  ])('%s', async (_, isHopeless) => {
    let afterFirst = (): void => {}
    const slow: Matchers = {
      open: async (job, signal) => {
        const match = createMatch(job)
        return {
          take: async (groups, part) => {
            signal.throwIfAborted()
            const matches = match(groups, part)
            afterFirst()
            if (isHopeless) signal.throwIfAborted()
            return matches
          },
          [Symbol.asyncDispose]: async () => {},
        }
      },
    }
    const { search, clock } = await searchIn(batches, slow)
    afterFirst = () => clock.advance(isHopeless ? limits.searchMs : limits.searchMs * 0.4)
    const first = await all(search.search(ask({ limit: 3_000 }), never))
    const end = first.at(-1)
    const hint = expect.stringContaining(isHopeless ? 'repeated groups' : 'Go on from there.')
    expect(end).toMatchObject({ kind: 'end', from: 0, stopped: { hint } })
    afterFirst = () => {}
    const from = end?.kind === 'end' ? end.to : Number.NaN
    expect(from > 0).toBe(!isHopeless)
    expect(from).toBeLessThan(3_000)
    const rest = await all(search.search(ask({ query: query({ from }), limit: 3_000 }), never))
    expect([...hitsOf(first), ...hitsOf(rest)]).toEqual(lines.map((_, at) => at))
  })

  test('has its whole time, however long the start of its thread took', async () => {
    const { search, clock } = await searchIn(batches, {
      open: async (job, signal) => {
        clock.advance(limits.searchMs * 3)
        return inlineMatchers.open(job, signal)
      },
    })
    const end = (await all(search.search(ask({ limit: 3_000 }), never))).at(-1)
    expect(end).toMatchObject({ kind: 'end', to: 3_000, stopped: null })
  })

  test('returns without a word when nobody wants it any more', async () => {
    const { search } = await searchIn(batches)
    const leave = new AbortController()
    const kinds: string[] = []
    for await (const { kind } of search.search(ask({}), leave.signal)) {
      kinds.push(kind)
      leave.abort()
    }
    expect(kinds).toEqual(['span'])
  })

  test('in a run without lines ends at once', async () => {
    const { search } = await searchIn([])
    for (const order of ['forward', 'backward'] as const) {
      expect(await all(search.search(ask({ order }), never))).toEqual([
        { kind: 'end', from: 0, to: 0, count: 0, stopped: null },
      ])
    }
  })
})

describe('a page of matching lines', () => {
  const batches = Array.from({ length: 5 }, () => groupOf(['hit', 'other', 'hit', 'hit']))
  const wanted = query({ texts: texts('hit') })

  test('follows the page before, and reaches a line by its number', async () => {
    const { search } = await searchIn(batches)
    const found: number[] = []
    for (let from = 0; ; ) {
      const page = await search.page(
        { run: run.id, query: { ...wanted, from }, skip: 0, limit: 4 },
        never,
      )
      found.push(
        ...hitsOf([{ kind: 'span', from: 0, to: 0, time: 0, count: 0, groups: page.groups }]),
      )
      if (page.groups.length === 0) break
      from = page.next
    }
    expect(found).toEqual([0, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, 16, 18, 19])
    const page = await search.page({ run: run.id, query: wanted, skip: 7, limit: 2 }, never)
    expect(page.groups.map(({ pos }) => pos)).toEqual([10])
    expect(page.groups.flatMap((group) => textsOf(group))).toEqual(['hit', 'hit'])
    expect(page.next).toBe(12)
  })
})

describe('a histogram', () => {
  test('counts lines by time and by position', async () => {
    const time = (second: number) => Date.parse('2026-01-01T00:00:00Z') + second * 1_000
    const { search, clock } = await searchIn([
      groupOf(['[error] a', 'b'], { time: time(1) }),
      groupOf(['c'], { time: time(99), channel: 'err' }),
    ])
    const wanted = { run: run.id, buckets: 10, withLevels: true }
    const since = time(0)
    const until = time(100)
    const byTime = await search.histogram(
      { ...wanted, query: query({ since, until }), by: 'time' },
      never,
    )
    expect(byTime).toMatchObject({ count: 3, next: 3, stopped: null })
    expect(byTime.buckets).toEqual([
      { index: 0, pos: 0, channels: { out: 2, err: 0, note: 0 }, levels: { error: 1 } },
      { index: 9, pos: 2, channels: { out: 0, err: 1, note: 0 }, levels: {} },
    ])
    const byPos = await search.histogram(
      { ...wanted, buckets: 3, query: anyLine, by: 'pos' },
      never,
    )
    expect(byPos.buckets.map(({ index, pos }) => [index, pos])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ])
    expect(clock.now()).toBe(0)
  })
})
