/** What every store promises, as one suite over a factory: memory, SQLite, and others to come. */
import { describe, expect, test } from 'vitest'
import { newTask } from '../../src/core/runs/task-state.ts'
import type { Append, LogStore } from '../../src/core/store/log-store.ts'
import type { RunCatalog } from '../../src/core/store/run-catalog.ts'
import type { SessionStore } from '../../src/core/store/session-store.ts'
import { limits } from '../../src/shared/limits.ts'
import { type LineGroup, type PlacedGroup, textsOf } from '../../src/shared/line-group.ts'
import { listedRun } from '../../src/shared/listed-run.ts'
import type { Run, Task } from '../../src/shared/run.ts'
import type { RunFilter } from '../../src/shared/run-filter.ts'
import { sampleRun } from '../support/sample-run.ts'
import { takeOver } from '../support/take-over.ts'

export interface TestedStore {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly sessions: SessionStore
  [Symbol.asyncDispose](): Promise<void>
}

export function testStore(name: string, open: () => Promise<TestedStore>): void {
  describe(`${name}: log`, () => {
    testLog(open)
  })
  describe(`${name}: catalog`, () => {
    testCatalog(open)
  })
  describe(`${name}: marks`, () => {
    testMarks(open)
  })
  describe(`${name}: sessions`, () => {
    testSessions(open)
  })
}

function testLog(open: () => Promise<TestedStore>): void {
  test('gives lines dense positions in the order of the appends', async () => {
    await using store = await open()
    const run = await addRun(store)
    expect(await store.log.append(appendTo(run, 0, lines('a', 'b')))).toEqual(stored(2))
    expect(await store.log.append(appendTo(run, 2, lines('c')))).toEqual(stored(3))
    expect(placesOf(await store.log.read(run.id, 0, 1_000))).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ])
  })

  test('answers a batch that is sent again as duplicate and stores it once', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(appendTo(run, 0, lines('a', 'b')))
    await store.log.append(appendTo(run, 2, lines('c')))
    for (const [pos, texts] of [
      [0, ['a', 'b']],
      [2, ['c']],
      [0, ['a']],
    ] as const) {
      const answer = await store.log.append(appendTo(run, pos, lines(...texts)))
      expect(answer).toEqual({ kind: 'duplicate', next: 3 })
    }
    expect(await textsIn(store, run)).toEqual(['a', 'b', 'c'])
    expect((await store.catalog.get(run.id))?.lines).toBe(3)
  })

  test('refuses a hole, and a batch that only partly lies in what is stored', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(appendTo(run, 0, lines('a', 'b')))
    for (const pos of [1, 3, 1_000_000]) {
      const answer = await store.log.append(appendTo(run, pos, lines('x', 'y')))
      expect(answer).toEqual({ kind: 'gap', next: 2 })
    }
    expect(await textsIn(store, run)).toEqual(['a', 'b'])
  })

  test('fences an owner whose run was taken over, whatever it sends', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(appendTo(run, 0, lines('a')))
    const taken = await takeOver(store.catalog, run.id, 'other')
    expect(taken.run).toMatchObject({ epoch: 2, next: 1 })
    for (const pos of [0, 1, 7]) {
      const answer = await store.log.append(appendTo(run, pos, lines('x')))
      expect(answer).toEqual({ kind: 'fenced', epoch: 2 })
    }
    expect(await store.log.append(appendTo(taken.run, 1, lines('b')))).toEqual(stored(2))
    expect(await textsIn(store, run)).toEqual(['a', 'b'])
  })

  test('takes overlapping appends in the order of the calls', async () => {
    await using store = await open()
    const run = await addRun(store)
    const texts = Array.from({ length: 200 }, (_, index) => `line ${index}`)
    const answers = await Promise.all(
      texts.map((text, pos) => store.log.append(appendTo(run, pos, lines(text)))),
    )
    expect(answers).toEqual(texts.map((_, pos) => stored(pos + 1)))
    expect(await textsIn(store, run)).toEqual(texts)
  })

  test('fails all appends in flight behind a rejected one', async () => {
    await using store = await open()
    const run = await addRun(store)
    const answers = await Promise.all(
      [0, 1, 3, 4, 5].map((pos) => store.log.append(appendTo(run, pos, lines('x')))),
    )
    expect(answers.map((answer) => answer.kind)).toEqual(['stored', 'stored', 'gap', 'gap', 'gap'])
    expect(await store.log.bounds(run.id)).toMatchObject({ first: 0, next: 2 })
  })

  test('keeps the logs of runs apart that are written at once', async () => {
    await using store = await open()
    const runs = await Promise.all([addRun(store), addRun(store), addRun(store)])
    const all: Promise<unknown>[] = []
    for (let pos = 0; pos < 50; pos++) {
      for (const run of runs) all.push(store.log.append(appendTo(run, pos, lines(run.id + pos))))
    }
    await Promise.all(all)
    for (const run of runs) {
      const texts = Array.from({ length: 50 }, (_, pos) => run.id + pos)
      expect(await textsIn(store, run)).toEqual(texts)
    }
  })

  test('starts a read exactly at the asked position, within a batch and within a group', async () => {
    await using store = await open()
    const run = await addRun(store)
    const texts = Array.from({ length: 30 }, (_, index) => `t${index}`)
    for (let pos = 0; pos < 30; pos += 10) {
      const groups = [
        ...lines(...texts.slice(pos, pos + 4)),
        ...lines(...texts.slice(pos + 4, pos + 10)),
      ]
      await store.log.append(appendTo(run, pos, groups))
    }
    for (let from = 0; from <= 31; from++) {
      const places = placesOf(await store.log.read(run.id, from, 1_000_000))
      expect(places).toEqual(texts.map((text, pos) => [pos, text]).slice(from))
    }
  })

  test('ends a read after the asked bytes with whole groups, but gives at least one', async () => {
    await using store = await open()
    const run = await addRun(store)
    const group = lines('123456789', '123456789')
    await store.log.append(appendTo(run, 0, [...group, ...group, ...group]))
    await store.log.append(appendTo(run, 6, [...group, ...group]))
    const countsFor = async (from: number, bytesMax: number) =>
      (await store.log.read(run.id, from, bytesMax)).map((one) => one.count)
    expect(await countsFor(0, 0)).toEqual([2])
    expect(await countsFor(0, 39)).toEqual([2])
    expect(await countsFor(0, 40)).toEqual([2, 2])
    expect(await countsFor(3, 30)).toEqual([1, 2])
    expect(await countsFor(5, 30)).toEqual([1, 2])
    expect(await countsFor(0, 79)).toEqual([2, 2, 2])
    expect(await countsFor(0, 100)).toEqual([2, 2, 2, 2, 2])
  })

  test('counts only the bytes of the lines against the asked bytes, over many small batches', async () => {
    await using store = await open()
    const run = await addRun(store)
    for (let pos = 0; pos < 20; pos++) await store.log.append(appendTo(run, pos, lines('')))
    expect(await store.log.read(run.id, 0, 2)).toHaveLength(2)
    expect(await store.log.read(run.id, 3, 15)).toHaveLength(15)
  })

  test('reads nothing at the end, beyond it, and of an unknown run', async () => {
    await using store = await open()
    const run = await addRun(store)
    expect(await store.log.read(run.id, 0, 100)).toEqual([])
    await store.log.append(appendTo(run, 0, lines('a')))
    expect(await store.log.read(run.id, 1, 100)).toEqual([])
    expect(await store.log.read(run.id, 2 ** 50, 100)).toEqual([])
    expect(await store.log.read(newId(), 0, 100)).toEqual([])
    expect(await store.log.bounds(newId())).toEqual({ first: 0, next: 0, epoch: 0 })
  })

  test('shows nothing of an append before it is stored, and all of it after', async () => {
    await using store = await open()
    const run = await addRun(store)
    for (let pos = 0; pos < 100; pos += 2) {
      const append = store.log.append(appendTo(run, pos, lines('a', 'b')))
      const [{ next }, early] = await Promise.all([
        store.log.bounds(run.id),
        store.log.read(run.id, pos, 1_000),
        append,
      ])
      expect([pos, pos + 2]).toContain(next)
      expect([0, 2]).toContain(placesOf(early).length)
      expect(await store.log.bounds(run.id)).toMatchObject({ first: 0, next: pos + 2 })
      expect(placesOf(await store.log.read(run.id, pos, 1_000))).toHaveLength(2)
    }
  })

  test('keeps task, channel, time, kind of end and every byte of a group', async () => {
    await using store = await open()
    const run = await addRun(store)
    const every = Uint8Array.from({ length: 256 }, (_, byte) => (byte === 10 ? 11 : byte))
    const groups: LineGroup[] = [
      { task: 0, channel: 'out', time: 5, count: 1, bytes: every, end: 'unterminated' },
      { task: 1, channel: 'err', time: 4, count: 1, bytes: every, end: 'continued' },
      {
        task: 999,
        channel: 'note',
        time: 2 ** 45,
        count: 1,
        bytes: bytesOf('n\n'),
        end: 'newline',
      },
      { task: 0, channel: 'out', time: 6, count: 1, bytes: bytesOf('\n'), end: 'newline' },
    ]
    await store.log.append(appendTo(run, 0, groups))
    const read = await store.log.read(run.id, 0, 10_000)
    expect(read).toEqual(groups.map((group, pos) => ({ ...group, pos })))
  })

  test('keeps the file of a group, also of one that is cut by a read', async () => {
    await using store = await open()
    const run = await addRun(store)
    const longest = 'ä'.repeat(limits.fileNameBytesMax / 2)
    const names = ['/var/log/a', '/var/log/b', undefined, '/var/log/a', longest, '']
    const groups = names.map(
      (file): LineGroup => ({ ...one('x', 'y'), ...(file !== undefined && { file }) }),
    )
    await store.log.append(appendTo(run, 0, groups))
    for (const from of [0, 1]) {
      const read = await store.log.read(run.id, from, 10_000)
      expect(read.map(({ file }) => file)).toEqual(names)
    }
  })

  test('refuses a file name over the limit, and stores nothing of what came with it', async () => {
    await using store = await open()
    const run = await addRun(store)
    const file = 'x'.repeat(limits.fileNameBytesMax + 1)
    const append = store.log.append(appendTo(run, 0, [one('a'), { ...one('b'), file }]))
    await expect(append).rejects.toThrow(/file name of 4097 bytes/)
    expect(await store.log.bounds(run.id)).toMatchObject({ first: 0, next: 0 })
  })

  test('keeps what it was given when the writer uses its buffer again', async () => {
    await using store = await open()
    const run = await addRun(store)
    const bytes = bytesOf('first\n')
    await store.log.append(appendTo(run, 0, [{ ...lines('x')[0], bytes } as LineGroup]))
    bytes.fill(0x78)
    expect(await textsIn(store, run)).toEqual(['first'])
  })

  test('keeps segments of the largest size, whole and in place', async () => {
    await using store = await open()
    const run = await addRun(store)
    const segment = new Uint8Array(limits.lineSegmentBytesMax).map((_, at) => 97 + (at % 26))
    const group: LineGroup = { ...one('x'), bytes: segment, end: 'continued' }
    for (let pos = 0; pos < 3; pos++) await store.log.append(appendTo(run, pos, [group]))
    const last: LineGroup = { ...one('x'), bytes: segment.subarray(0, 7), end: 'unterminated' }
    await store.log.append(appendTo(run, 3, [last]))
    const middle = await store.log.read(run.id, 1, 1)
    expect(middle).toHaveLength(1)
    expect(Buffer.compare(middle[0]?.bytes ?? segment.subarray(1), segment)).toBe(0)
    const all = await store.log.read(run.id, 0, 10 * limits.lineSegmentBytesMax)
    expect(all.map(({ pos, end }) => [pos, end])).toEqual([
      [0, 'continued'],
      [1, 'continued'],
      [2, 'continued'],
      [3, 'unterminated'],
    ])
  })

  test('stores lines, offsets, states and counters together', async () => {
    await using store = await open()
    const run = await addRun(store)
    const task: Task = { ...taskOf(run), outBytes: 4, errBytes: 2, state: 'ended', exitCode: 0 }
    const end = { state: 'ended', outcome: 'succeeded', endedAt: '2026-01-01T00:00:00Z' } as const
    const note: LineGroup = { ...one('exit'), channel: 'note' }
    const append = { ...appendTo(run, 0, [...lines('a', 'b'), note]), tasks: [task], state: end }
    await store.log.append(append)
    expect(await store.catalog.get(run.id)).toEqual({
      ...run,
      ...end,
      next: 3,
      lines: 2,
      tasks: [task, run.tasks[1]],
    })
  })

  test('counts the notes that tell of a gap, and only these, together with the lines', async () => {
    await using store = await open()
    const run = await addRun(store)
    const note = (text: string): LineGroup => ({ ...one(text), channel: 'note' })
    const gap = 'gap: bytes 5 to 9 of out are gone'
    await store.log.append(appendTo(run, 0, [note(gap), one(gap), note('reconnected: gap')]))
    await store.log.append(appendTo(run, 0, [note(gap), one(gap), note('reconnected: gap')]))
    expect(await store.catalog.get(run.id)).toMatchObject({ gaps: 1, lines: 1, next: 3 })
    await store.log.append(appendTo(run, 9, [note(gap)]))
    await store.log.append({ ...appendTo(run, 3, [note(gap)]), epoch: 9 })
    expect(await store.catalog.get(run.id)).toMatchObject({ gaps: 1, next: 3 })
    await store.log.append(appendTo(run, 3, [note(gap), note('gap: of unknown size')]))
    expect(await store.catalog.get(run.id)).toMatchObject({ gaps: 3, next: 5 })
    const { run: acquired } = await takeOver(store.catalog, run.id, 'me')
    expect(acquired.gaps).toBe(3)
  })

  test('leaves offsets, states and counters alone when the lines are not stored', async () => {
    await using store = await open()
    const run = await addRun(store)
    const task = { ...taskOf(run), outBytes: 99 }
    const state = { state: 'ended', outcome: 'lost', endedAt: 'x' } as const
    await store.log.append({ ...appendTo(run, 1, lines('gap')), tasks: [task], state })
    await store.log.append({ ...appendTo(run, 0, lines('fenced')), epoch: 9, tasks: [task], state })
    expect(await store.catalog.get(run.id)).toEqual(run)
  })

  test('drops the lines of a run and gives none of its positions again', async () => {
    await using store = await open()
    const [run, other] = [await addRun(store), await addRun(store)]
    await store.log.append(appendTo(run, 0, lines('a', 'b')))
    await store.log.append(appendTo(other, 0, lines('kept')))
    await store.log.drop(run.id)
    expect(await store.log.bounds(run.id)).toMatchObject({ first: 2, next: 2 })
    expect(await store.log.read(run.id, 0, 100)).toEqual([])
    expect(await store.log.append(appendTo(run, 0, lines('x')))).toMatchObject({
      kind: 'duplicate',
    })
    await store.log.append(appendTo(run, 2, lines('c')))
    expect(placesOf(await store.log.read(run.id, 0, 100))).toEqual([[2, 'c']])
    expect(await store.catalog.get(run.id)).toMatchObject({ first: 2, next: 3, lines: 3 })
    expect(await textsIn(store, other)).toEqual(['kept'])
  })

  test('drops a run of many batches while others go on, and an unknown one without error', async () => {
    await using store = await open()
    const [run, other] = [await addRun(store), await addRun(store)]
    const appends: Promise<unknown>[] = []
    for (let pos = 0; pos < 300; pos++) {
      appends.push(store.log.append(appendTo(run, pos, lines('x'))))
    }
    await Promise.all(appends)
    await Promise.all([store.log.drop(run.id), store.log.drop(newId())])
    for (let pos = 0; pos < 20; pos++) await store.log.append(appendTo(other, pos, lines('y')))
    await store.log.append(appendTo(run, 300, lines('z')))
    expect(placesOf(await store.log.read(run.id, 0, 1_000))).toEqual([[300, 'z']])
    expect(await store.log.bounds(other.id)).toMatchObject({ first: 0, next: 20 })
  })

  test('removes a run that has ended, with its lines, tasks and key, and nothing of another one', async () => {
    await using store = await open()
    const key = { key: 'removed', digest: 'd' }
    const gone = newRun()
    const [kept, empty] = [await addRun(store), await addRun(store)]
    await store.catalog.create(gone, 'me', key)
    for (let pos = 0; pos < 40; pos++) await store.log.append(appendTo(gone, pos, lines('x')))
    await store.log.append(appendTo(kept, 0, lines('kept')))
    const progress = [{ task: 0, value: 'somewhere' }]
    for (const run of [gone, empty]) {
      const state = { state: 'ended', outcome: 'succeeded', endedAt: 'x' } as const
      await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state, progress })
      await store.catalog.remove(run.id)
    }
    expect(await store.catalog.get(gone.id)).toBeUndefined()
    expect(await store.log.read(gone.id, 0, 1_000)).toEqual([])
    expect(await store.log.bounds(gone.id)).toMatchObject({ first: 0, next: 0 })
    await expect(store.log.append(appendTo(gone, 40, lines('y')))).rejects.toMatchObject({
      code: 'not-found',
    })
    const ids = (await store.catalog.list({ limit: 10 })).map(({ id }) => id)
    expect(ids).toContain(kept.id)
    expect(ids).not.toContain(gone.id)
    expect(ids).not.toContain(empty.id)
    expect(await textsIn(store, kept)).toEqual(['kept'])
    const again = await store.catalog.create({ ...gone, id: newId() }, 'me', key)
    expect(again.kind).toBe('created')
  })

  test('refuses to remove a run that has not ended, and knows no unknown one', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.log.append(appendTo(run, 0, lines('a')))
    await expect(store.catalog.remove(run.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await textsIn(store, run)).toEqual(['a'])
    await store.catalog.remove(newId())
  })

  test('refuses an append to an unknown run and one without lines with a sentence', async () => {
    await using store = await open()
    const run = await addRun(store)
    const unknown = store.log.append({ ...appendTo(run, 0, lines('a')), run: newId() })
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.log.append(appendTo(run, 0, []))).rejects.toThrow(/at least one line/)
    expect(await store.log.append(appendTo(run, 0, lines('a')))).toEqual(stored(1))
  })

  test('waits for what is under way when it closes, then refuses with store-failed', async () => {
    const store = await open()
    const run = await addRun(store)
    const appends = [0, 1, 2].map((pos) => store.log.append(appendTo(run, pos, lines('x'))))
    await store[Symbol.asyncDispose]()
    expect(await Promise.all(appends)).toEqual([stored(1), stored(2), stored(3)])
    for (const late of [
      () => store.log.append(appendTo(run, 3, lines('x'))),
      () => store.log.read(run.id, 0, 1),
      () => store.log.bounds(run.id),
      () => store.catalog.get(run.id),
      () => store.sessions.get('x'),
    ]) {
      await expect(late()).rejects.toMatchObject({ code: 'store-failed' })
    }
    await store[Symbol.asyncDispose]()
  })
}

function testCatalog(open: () => Promise<TestedStore>): void {
  test('gives a run back as it was stored, with all its tasks', async () => {
    await using store = await open()
    const run = newRun({ target: 'ä漢🙂, b', source: { kind: 'command', command: `'"\n\\\0é` } })
    expect(await store.catalog.create(run, 'me')).toEqual({ kind: 'created', run })
    expect(await store.catalog.get(run.id)).toEqual(run)
    expect(await store.catalog.get(newId())).toBeUndefined()
  })

  test('gives a run from before there were plans the one that it had gone by', async () => {
    await using store = await open()
    const { plan, ...older } = newRun()
    await store.catalog.create(older as Run, 'me')
    expect((await store.catalog.get(older.id))?.plan).toEqual(plan)
    const own = { ...plan, fanout: 3, batch: 2, maxFailures: 0, timeoutMs: 5_000 }
    const newer = newRun({ plan: own })
    await store.catalog.create(newer, 'me')
    expect((await store.catalog.list({ limit: 1 }))[0]?.plan).toEqual(own)
  })

  test('starts counters at 0, the epoch at 1 and the lines at its first, whatever else the new run says', async () => {
    await using store = await open()
    const run = newRun({ epoch: 7, first: 5, next: 9, lines: 4, gaps: 2 })
    await store.catalog.create(run, 'me')
    const begin = { epoch: 1, first: 5, next: 5, lines: 0, gaps: 0 }
    expect(await store.catalog.get(run.id)).toMatchObject(begin)
    expect(await store.log.append(appendTo({ ...run, epoch: 1 }, 5, lines('a')))).toEqual(stored(6))
    expect(placesOf(await store.log.read(run.id, 0, 1_000))).toEqual([[5, 'a']])
  })

  test('refuses a second run with the same id and keeps the first', async () => {
    await using store = await open()
    const run = await addRun(store)
    const second = store.catalog.create({ ...run, target: 'other' }, 'me', {
      key: 'k',
      digest: 'd',
    })
    await expect(second).rejects.toMatchObject({ code: 'conflict' })
    expect((await store.catalog.get(run.id))?.target).toBe(run.target)
    const third = await store.catalog.create(newRun(), 'me', { key: 'k', digest: 'd' })
    expect(third.kind).toBe('created')
  })

  test('answers a key that was used with the run stored then, or with conflict', async () => {
    await using store = await open()
    const key = { key: 'k1', digest: 'd1' }
    const first = newRun()
    await store.catalog.create(first, 'me', key)
    await store.log.append(appendTo(first, 0, lines('a')))
    const again = await store.catalog.create(newRun(), 'me', key)
    expect(again).toMatchObject({ kind: 'existing', run: { id: first.id, next: 1 } })
    const other = await store.catalog.create(newRun(), 'me', { ...key, digest: 'd2' })
    expect(other).toEqual({ kind: 'conflict' })
    expect(await store.catalog.list({ limit: 10 })).toHaveLength(1)
  })

  test('creates one run when the same key comes many times at once', async () => {
    await using store = await open()
    const key = { key: 'k', digest: 'd' }
    const results = await Promise.all(
      Array.from({ length: 10 }, () => store.catalog.create(newRun(), 'me', key)),
    )
    expect(results.filter((result) => result.kind === 'created')).toHaveLength(1)
    expect(results.filter((result) => result.kind === 'existing')).toHaveLength(9)
    expect(await store.catalog.list({ limit: 20 })).toHaveLength(1)
  })

  test('lists newest first, in pages without gap or repetition', async () => {
    await using store = await open()
    const ids: string[] = []
    for (let index = 0; index < 25; index++) ids.unshift((await addRun(store)).id)
    const listed: string[] = []
    for (;;) {
      const before = listed.at(-1)
      const page = await store.catalog.list(
        before === undefined ? { limit: 7 } : { limit: 7, before },
      )
      if (page.length === 0) break
      expect(page.length).toBeLessThanOrEqual(7)
      listed.push(...page.map((run) => run.id))
    }
    expect(listed).toEqual(ids)
    expect(await store.catalog.list({ limit: 5, before: newId() })).toEqual([])
  })

  test('gives at most one page, however much is asked for', async () => {
    await using store = await open()
    const count = limits.runsPageMax + 5
    await Promise.all(Array.from({ length: count }, () => addRun(store)))
    expect(await store.catalog.list({ limit: 10_000 })).toHaveLength(limits.runsPageMax)
  })

  test('lists runs in one state, with paging', async () => {
    await using store = await open()
    const runs: Run[] = []
    for (let index = 0; index < 6; index++) runs.push(await addRun(store))
    for (const run of runs.filter((_, index) => index % 2 === 0)) {
      await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state: ended })
    }
    const idsOf = async (query: Parameters<RunCatalog['list']>[0]) =>
      (await store.catalog.list(query)).map((run) => run.id)
    expect(await idsOf({ limit: 9, states: ['ended'] })).toEqual(
      [4, 2, 0].map((at) => runs[at]?.id),
    )
    const before = runs[4]?.id ?? ''
    expect(await idsOf({ limit: 1, states: ['ended'], before })).toEqual([runs[2]?.id])
    expect(await idsOf({ limit: 9, states: ['stopping', 'queued'] })).toEqual([])
  })

  test('lists what a filter takes, by every condition alone and with others, page by page', async () => {
    await using store = await open()
    const none = { kind: 'command', command: 'by itself' } as const
    const on = (...hosts: string[]) => hosts.map((host, at) => newTask(at, host))
    const made = [
      newRun({ source: { kind: 'command', command: 'df -h %_\\ Ä' }, target: '@disks' }),
      newRun({ source: { kind: 'files', paths: ['/var/a', '/var/b c'] }, tasks: on('db-1') }),
      newRun({ source: { kind: 'journal', unit: 'nginx.service' }, tasks: on('db-1', 'web-1') }),
      newRun({ source: { kind: 'container', name: 'Nginx_2' }, tasks: on('db-1', 'db-1') }),
      newRun({ createdAt: '2026-02-01T00:00:00.000Z', tasks: on('DB-1') }),
      newRun({ source: none, startedBy: { kind: 'schedule', name: 'nightly' } }),
      newRun({ source: none, startedBy: { kind: 'schedule', name: "o'clock" } }),
      newRun({ source: none, startedBy: { kind: 'trigger', name: 'nightly' } }),
    ]
    for (const run of made) await store.catalog.create(run, 'me')
    const [disk, files, journal, container, late, night, clock, hook] = made.map(({ id }) => id)
    const end = { ...ended, outcome: 'succeeded' } as const
    await store.catalog.save({ run: files ?? '', epoch: 1, tasks: [], state: ended })
    await store.catalog.save({ run: journal ?? '', epoch: 1, tasks: [], state: end })
    const day = (text: string) => `2026-${text}T00:00:00.000Z`
    const cases: readonly (readonly [RunFilter, readonly (string | undefined)[]])[] = [
      [{ outcomes: ['failed', 'lost'] }, [files]],
      [{ outcomes: ['failed', 'succeeded'], states: ['ended'] }, [journal, files]],
      [{ outcomes: [] }, []],
      [{ host: 'db-1' }, [container, journal, files]],
      [{ host: 'db-' }, []],
      [{ host: 'DB-1' }, [late]],
      [{ text: '%_\\' }, [disk]],
      [{ text: 'DF -H' }, [disk]],
      [{ text: 'ä' }, []],
      [{ text: 'DISKS' }, [disk]],
      [{ text: '/var/a /VAR/b' }, [files]],
      [{ text: 'nginx' }, [container, journal]],
      [{ text: 'nginx%' }, []],
      [{ text: 'kind' }, []],
      [{ since: day('02-01') }, [late]],
      [{ until: day('02-01') }, [hook, clock, night, container, journal, files, disk]],
      [{ startedBy: { kind: 'schedule' } }, [clock, night]],
      [{ startedBy: { kind: 'schedule', name: 'nightly' } }, [night]],
      [{ startedBy: { kind: 'schedule', name: "o'clock" } }, [clock]],
      [{ startedBy: { kind: 'trigger', name: "o'clock" } }, []],
      [{ startedBy: { kind: 'trigger' }, text: 'ITSELF' }, [hook]],
      [{ startedBy: { kind: 'person' } }, [late, container, journal, files, disk]],
      [{ since: day('01-01'), until: day('01-01') }, []],
      [{ host: 'db-1', states: ['running'], text: 'NGINX' }, [container]],
    ]
    for (const [filter, expected] of cases) {
      const found: Run[] = []
      for (let before: string | undefined; ; before = found.at(-1)?.id) {
        const query = { ...filter, limit: 2, ...(before && { before }) }
        const page = await store.catalog.list(query)
        expect(await store.catalog.listed(query)).toEqual(page.map(listedRun))
        if (page.length === 0) break
        found.push(...page)
      }
      expect([filter, found.map(({ id }) => id)]).toEqual([filter, expected])
    }
    await store.catalog.remove(journal ?? '')
    const left = await store.catalog.list({ limit: 9, host: 'db-1' })
    expect(left.map(({ id }) => id)).toEqual([container, files])
  })

  test('tells of each host its newest run, among as many runs as are asked for, whatever was removed', async () => {
    await using store = await open()
    const { catalog } = store
    const addOn = async (...hosts: string[]) => {
      const tasks = hosts.map((host, at) => newTask(at, host))
      return (await addRun(store, { tasks, target: hosts.join(',') })).id
    }
    expect(await catalog.lastRuns(9)).toEqual({ runs: 0, hosts: [] })
    const first = await addOn('db-1', 'web-2', 'web-1')
    const second = await addOn('web-3', 'web-2', 'web-2')
    const { createdAt } = newRun()
    const row = (host: string, id: string) => ({ host, id, createdAt })
    const both = [
      row('web-2', second),
      row('web-3', second),
      row('db-1', first),
      row('web-1', first),
    ]
    // Asked twice: what is kept from the first time is the same.
    for (let asked = 0; asked < 2; asked++) {
      expect(await catalog.lastRuns(9)).toEqual({ runs: 2, hosts: both })
      expect(await catalog.lastRuns(1)).toEqual({ runs: 1, hosts: both.slice(0, 2) })
    }
    const third = await addOn('web-1')
    const all = [row('web-1', third), ...both.slice(0, 3)]
    expect(await catalog.lastRuns(1_000)).toEqual({ runs: 3, hosts: all })
    await catalog.save({ run: second, epoch: 1, tasks: [], state: ended })
    expect(await catalog.lastRuns(9)).toEqual({ runs: 3, hosts: all })
    await catalog.remove(second)
    const left = [row('web-1', third), row('db-1', first), row('web-2', first)]
    expect(await catalog.lastRuns(9)).toEqual({ runs: 2, hosts: left })
  })

  test('saves tasks and state without lines', async () => {
    await using store = await open()
    const run = await addRun(store)
    const question = {
      kind: 'secret',
      id: 1,
      ask: 'password',
      prompt: 'p',
      echo: false,
      refused: 0,
    }
    const task = { ...taskOf(run), state: 'needs-input', question } as Task
    await store.catalog.save({ run: run.id, epoch: 1, tasks: [task] })
    expect(await store.catalog.get(run.id)).toEqual({ ...run, tasks: [task, run.tasks[1]] })
    await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state: ended })
    expect(await store.catalog.get(run.id)).toMatchObject({ ...ended, tasks: [task, run.tasks[1]] })
  })

  test('ignores a save of an old owner and of an unknown run', async () => {
    await using store = await open()
    const run = await addRun(store)
    const taken = await takeOver(store.catalog, run.id, 'other')
    await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state: ended })
    await store.catalog.save({ run: newId(), epoch: 1, tasks: [], state: ended })
    expect(await store.catalog.get(run.id)).toEqual(taken.run)
  })

  test('keeps the order of saves and appends of one run', async () => {
    await using store = await open()
    const run = await addRun(store)
    const all: Promise<unknown>[] = []
    for (let pos = 0; pos < 40; pos++) {
      const task = { ...taskOf(run), outBytes: pos }
      all.push(
        store.log.append({ ...appendTo(run, pos, lines('x')), tasks: [task] }),
        store.catalog.save({ run: run.id, epoch: 1, tasks: [{ ...task, message: `${pos}` }] }),
      )
    }
    await Promise.all(all)
    const found = await store.catalog.get(run.id)
    expect(found?.tasks[0]).toMatchObject({ outBytes: 39, message: '39' })
  })

  test('moves how far tasks are with lines alone, whatever a save says', async () => {
    await using store = await open()
    const run = await addRun(store)
    const task = { ...taskOf(run), outBytes: 7, errBytes: 5 }
    const later = { ...task, outBytes: 900, errBytes: 0, message: 'ä "\0', startedAt: 'x' }
    await Promise.all([
      store.log.append({ ...appendTo(run, 0, lines('x')), tasks: [task] }),
      store.catalog.save({ run: run.id, epoch: 1, tasks: [later] }),
    ])
    const found = await store.catalog.get(run.id)
    expect(found?.tasks).toEqual([{ ...later, outBytes: 7, errBytes: 5 }, run.tasks[1]])
  })

  test('lets one of many take a run over, and tells the others that they were too late', async () => {
    await using store = await open()
    const run = await addRun(store)
    const tries = ['a', 'b', 'c'].map((owner) => store.catalog.acquire(run.id, owner, 1))
    const won = (await Promise.all(tries)).flatMap((taken, index) => (taken ? [index] : []))
    expect(won).toHaveLength(1)
    expect(await store.catalog.unfinished()).toEqual([
      { id: run.id, epoch: 2, owner: 'abc'[won[0] ?? 9] },
    ])
  })

  test('names the owner of every run that has not ended', async () => {
    await using store = await open()
    const [first, second, third] = [await addRun(store), await addRun(store), await addRun(store)]
    await store.catalog.save({ run: second.id, epoch: 1, tasks: [], state: ended })
    const stopping = { state: 'stopping', outcome: null, endedAt: null } as const
    await store.catalog.save({ run: third.id, epoch: 1, tasks: [], state: stopping })
    await takeOver(store.catalog, third.id, 'other')
    const unfinished = await store.catalog.unfinished()
    expect(unfinished.map(({ id, epoch, owner }) => [id, epoch, owner])).toEqual([
      [first.id, 1, 'me'],
      [third.id, 2, 'other'],
    ])
  })

  test('raises the epoch with every taking over, and knows no unknown run', async () => {
    await using store = await open()
    const run = await addRun(store)
    for (const [owner, epoch] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const) {
      const acquired = await store.catalog.acquire(run.id, owner, epoch)
      expect(acquired?.run.epoch).toBe(epoch + 1)
    }
    const unknown = store.catalog.acquire(newId(), 'me', 1)
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
  })
}

function testMarks(open: () => Promise<TestedStore>): void {
  const time = '2026-01-01T00:00:00.000Z'

  test('keeps marked lines by position and by whom, each as it was marked first, until they are taken back', async () => {
    await using store = await open()
    const run = await addRun(store)
    const { catalog } = store
    expect(await catalog.marks(run.id)).toEqual([])
    await catalog.mark(run.id, { pos: 40, time })
    await catalog.mark(run.id, { pos: 7, time, by: 'Ann  "王" O\'Neil' })
    const later = { pos: 40, time: '2026-02-02T00:00:00.000Z', by: 'Bob' }
    const again = await catalog.mark(run.id, later)
    expect(again).toEqual([
      { pos: 7, time, by: 'Ann  "王" O\'Neil' },
      { pos: 40, time },
    ])
    expect(await catalog.marks(run.id)).toEqual(again)
    await catalog.mark(run.id, { pos: 3, time: null })
    expect(await catalog.mark(run.id, { pos: 40, time: null })).toEqual(again.slice(0, 1))
  })

  test('marks no line of a run that is not there, and no more lines than it may', async () => {
    await using store = await open()
    const run = await addRun(store)
    const { catalog } = store
    const unknown = catalog.mark(newId(), { pos: 0, time })
    await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
    expect(await catalog.marks(newId())).toEqual([])
    for (let pos = 0; pos < limits.marksPerRunMax; pos++) await catalog.mark(run.id, { pos, time })
    const oneMore = catalog.mark(run.id, { pos: 1_000, time })
    await expect(oneMore).rejects.toMatchObject({ code: 'conflict' })
    expect(await catalog.mark(run.id, { pos: 5, time })).toHaveLength(limits.marksPerRunMax)
  })

  test('removes the marks of a run with it', async () => {
    await using store = await open()
    const run = await addRun(store)
    await store.catalog.mark(run.id, { pos: 1, time })
    await store.catalog.save({ run: run.id, epoch: 1, tasks: [], state: ended })
    await store.catalog.remove(run.id)
    expect(await store.catalog.marks(run.id)).toEqual([])
  })
}

function testSessions(open: () => Promise<TestedStore>): void {
  const session = { digest: 'd1', createdAt: 1_000, expiresAt: 9_000, idleUntil: 5_000 }

  test('keeps, replaces and removes a session', async () => {
    await using store = await open()
    expect(await store.sessions.get('d1')).toBeUndefined()
    await store.sessions.put(session)
    expect(await store.sessions.get('d1')).toEqual(session)
    await store.sessions.put({ ...session, idleUntil: 6_000 })
    expect(await store.sessions.get('d1')).toEqual({ ...session, idleUntil: 6_000 })
    const removals = [1, 2, 3].map(() => store.sessions.remove('d1'))
    expect((await Promise.all(removals)).filter((wasThere) => wasThere)).toHaveLength(1)
    expect(await store.sessions.remove('unknown')).toBe(false)
    expect(await store.sessions.get('d1')).toBeUndefined()
  })

  test('prunes sessions that are over or unused for too long, and only these', async () => {
    await using store = await open()
    await store.sessions.put(session)
    await store.sessions.put({ ...session, digest: 'd2', idleUntil: 8_000 })
    await store.sessions.put({ ...session, digest: 'd3', expiresAt: 4_000, idleUntil: 8_000 })
    await store.sessions.prune(5_000)
    expect(await store.sessions.get('d1')).toBeDefined()
    await store.sessions.prune(5_001)
    const left = await Promise.all(['d1', 'd2', 'd3'].map((digest) => store.sessions.get(digest)))
    expect(left.map((one) => one?.digest)).toEqual([undefined, 'd2', undefined])
  })
}

const ended = { state: 'ended', outcome: 'failed', endedAt: '2026-01-01T00:00:00Z' } as const

let lastId = 0

export function newId(): string {
  lastId++
  return `r${String(lastId).padStart(25, '0')}`
}

export function newRun(more: Partial<Run> = {}): Run {
  const tasks = [newTask(0, 'web-1'), newTask(1, 'web-2')]
  return sampleRun({ id: newId(), target: 'web-1,web-2', tasks, ...more })
}

export async function addRun(
  store: Pick<TestedStore, 'catalog'>,
  more: Partial<Run> = {},
): Promise<Run> {
  const run = newRun(more)
  await store.catalog.create(run, 'me')
  return run
}

export function appendTo(run: Run, pos: number, groups: readonly LineGroup[]): Append {
  return { run: run.id, epoch: run.epoch, pos, groups, tasks: [] }
}

function one(...texts: readonly string[]): LineGroup {
  const bytes = bytesOf(texts.map((text) => `${text}\n`).join(''))
  const count = texts.length
  return { task: 0, channel: 'out', time: 1_763_000_000_000, count, bytes, end: 'newline' }
}

/** One group of these lines, as a batch. */
export function lines(...texts: readonly string[]): LineGroup[] {
  return [one(...texts)]
}

function placesOf(groups: readonly PlacedGroup[]): [number, string][] {
  return groups.flatMap((group) =>
    textsOf(group).map((text, index): [number, string] => [group.pos + index, text]),
  )
}

async function textsIn(store: TestedStore, run: Run): Promise<string[]> {
  return placesOf(await store.log.read(run.id, 0, 10_000_000)).map(([, text]) => text)
}

function taskOf(run: Run): Task {
  const [task] = run.tasks
  if (task === undefined) throw new Error('The run has no task.')
  return task
}

function stored(next: number) {
  return { kind: 'stored', next } as const
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
