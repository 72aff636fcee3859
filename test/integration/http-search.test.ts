/** Integration tests of search, filter and histogram over real HTTP, on stored lines and running threads. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRunId } from '../../src/adapters/system/ids.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { limits } from '../../src/shared/limits.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import type { LinesPage } from '../../src/shared/protocol/events.ts'
import type { HistogramAnswer, SearchRecord } from '../../src/shared/protocol/search.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { send } from '../support/raw-http.ts'
import { sampleRun } from '../support/sample-run.ts'

const id = newRunId()
const hopelessId = newRunId()
const start = Date.parse('2026-01-01T00:00:00Z')
const total = 20_000
let server: TestServer

beforeAll(async () => {
  const store = createMemoryStore()
  const ended = {
    createdAt: new Date(start).toISOString(),
    endedAt: new Date(start + 100_000).toISOString(),
  }
  const tasks = [newTask(0, 'web-1'), newTask(1, 'web-2')]
  await store.catalog.create(sampleRun({ ...ended, id, tasks, state: 'ended' }), 'test')
  for (let pos = 0; pos < total; pos += 100) {
    await store.log.append({ run: id, epoch: 1, pos, groups: [groupAt(pos)], tasks: [] })
  }
  await store.catalog.create(sampleRun({ id: hopelessId }), 'test')
  const text = `${'a'.repeat(200)}b`
  const group = { ...groupAt(0), count: 1, bytes: new TextEncoder().encode(`${text}\n`) }
  await store.log.append({ run: hopelessId, epoch: 1, pos: 0, groups: [group], tasks: [] })
  server = await startHttpServer({ store })
})

afterAll(() => server[Symbol.asyncDispose]())

/** Line n says "line n"; each 10th is an error of stderr of web-2, and each group is half a second later. */
function groupAt(pos: number): LineGroup {
  const isErr = (pos / 100) % 10 === 3
  const texts = Array.from(
    { length: 100 },
    (_, at) => `${isErr ? '[error] ' : ''}line ${pos + at}\n`,
  )
  const bytes = new TextEncoder().encode(texts.join(''))
  const from = isErr
    ? ({ task: 1, channel: 'err' } as const)
    : ({ task: 0, channel: 'out' } as const)
  return { ...from, time: start + pos * 5, count: 100, bytes, end: 'newline' }
}

const errors = total / 10

async function get(path: string, run = id) {
  return send(`${server.base}/api/v1/runs/${run}/${path}`)
}

async function searched(query: string, run = id): Promise<SearchRecord[]> {
  const answer = await get(`search?${query}`, run)
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson'])
  return answer.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SearchRecord)
}

const positions = (records: readonly SearchRecord[]) =>
  records.flatMap((record) => (record.kind === 'span' ? record.lines.map(({ pos }) => pos) : []))

describe('search', () => {
  test('counts every match in the whole history and gives as many lines as wanted', async () => {
    const records = await searched('q=%5BERROR%5D&case=insensitive&limit=5')
    expect(positions(records)).toEqual([300, 301, 302, 303, 304])
    expect(records.at(-1)).toEqual({
      kind: 'end',
      from: 0,
      to: total,
      count: errors,
      stopped: null,
    })
    const [first] = records
    expect(first).toMatchObject({ kind: 'span', from: 0, time: expect.stringMatching(/Z$/) })
    expect(first?.kind === 'span' && first.lines[0]).toEqual({
      pos: 300,
      task: 1,
      channel: 'err',
      time: '2026-01-01T00:00:01.500Z',
      text: '[error] line 300',
    })
  })

  test('goes back from the end, and on from where an answer ended', async () => {
    const last = await searched('q=line 7&order=backward&limit=3')
    expect(positions(last)).toEqual([7_997, 7_998, 7_999])
    const more = await searched('q=line 7&order=backward&limit=3&to=7997')
    expect(positions(more)).toEqual([7_994, 7_995, 7_996])
  })

  test.each([
    ['regex=true&q=line%20\\d*99$', 200],
    ['q=line&invert=true', 0],
    ['q=LINE', 0],
    ['text=:line 3%0An:error%0Anr:99$', countLines(/^line 3(?!.*99$)/)],
    ['text=:LINE', 0],
    ['text=i:LINE&q=[error]', errors],
    ['channel=err', errors],
    ['channel=note', 0],
    ['host=web-2', errors],
    ['host=web-1,web-2', total],
    ['task=0', total - errors],
    ['level=error', errors],
    ['level=none', total - errors],
    ['level=error&q=line 3', countErrors(/line 3/)],
    ['since=2026-01-01T00:00:50Z', total / 2],
    ['until=2026-01-01T00:00:50Z', total / 2],
    ['from=10&to=30', 20],
  ])('%s finds %i lines', async (query, count) => {
    expect((await searched(query)).at(-1)).toMatchObject({ kind: 'end', count, stopped: null })
  })

  test('stops a pattern that would take for ever at its time, and says so; other requests go on', async () => {
    // A new thread has to load first, which is within the time of its first search.
    await Promise.all([searched('q=line 1'), searched('q=line 2')])
    const query = `regex=true&q=${encodeURIComponent('^(a+)+$')}`
    const hopeless = searched(query, hopelessId)
    // Beside it: both the event loop and the other thread are free.
    expect((await searched('q=line 19999')).at(-1)).toMatchObject({ count: 1 })
    const records = await hopeless
    expect(records).toEqual([
      {
        kind: 'end',
        from: 0,
        to: 0,
        count: 0,
        stopped: {
          message: `The search stopped after ${limits.searchMs / 1_000} s at line 0: this pattern takes too long on a line there.`,
          hint: expect.stringContaining('plain text'),
        },
      },
    ])
  })
})

describe('a filtered page of lines', () => {
  test('gives the matching lines and the cursor of the next page', async () => {
    const found: number[] = []
    for (let from = 0; ; ) {
      const page = (await get(`lines?from=${from}&limit=700&level=error`)).json as LinesPage
      found.push(...page.lines.map(({ pos }) => pos))
      if (page.lines.length === 0) break
      from = page.next
    }
    expect(found).toHaveLength(errors)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
  })

  test('begins at the line with a given number among those that match', async () => {
    const page = (await get('lines?from=0&limit=2&level=error&skip=150')).json as LinesPage
    expect(page.lines.map(({ pos }) => pos)).toEqual([1_350, 1_351])
    expect(page.next).toBe(1_352)
  })

  test('without conditions is the page of all lines', async () => {
    const page = (await get('lines?from=19990')).json as LinesPage
    expect(page).toMatchObject({ from: 19_990, next: 20_000 })
    expect(page.lines).toHaveLength(10)
  })
})

describe('a histogram', () => {
  test('counts by time, channel and level', async () => {
    const answer = (await get('histogram?buckets=10&levels=true')).json as HistogramAnswer
    expect(answer).toMatchObject({
      run: id,
      by: 'time',
      size: 10,
      count: total,
      next: total,
      stopped: null,
    })
    expect(answer.buckets.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(answer.buckets.reduce((sum, { err }) => sum + err, 0)).toBe(errors)
    expect(answer.buckets.reduce((sum, { levels }) => sum + (levels.error ?? 0), 0)).toBe(errors)
    expect(answer.buckets[5]?.pos).toBe(10_000)
  })

  test('counts what matches by position', async () => {
    const answer = (await get('histogram?by=pos&buckets=2&q=line 1999')).json as HistogramAnswer
    expect(answer.buckets).toEqual([
      { index: 0, pos: 1_999, out: 1, err: 0, note: 0, levels: {} },
      { index: 1, pos: 19_990, out: 10, err: 0, note: 0, levels: {} },
    ])
  })
})

test.each([
  ['search?q=(&regex=true', 'bad-pattern', 'is not a regular expression'],
  ['search?q=a%0Ab', 'bad-pattern', 'of one line'],
  ['lines?q=(&regex=true', 'bad-pattern', 'is not a regular expression'],
  ['histogram?q=(&regex=true', 'bad-pattern', 'is not a regular expression'],
  ['search?channel=in', 'bad-request', '"channel" must be of out, err, note'],
  ['search?level=bad', 'bad-request', '"level" must be of error'],
  ['search?since=noon', 'bad-request', '"since" is no time'],
  ['search?from=-1', 'bad-cursor', '"from" is not a whole number'],
  ['search?limit=1001', 'bad-request', '"limit" must be a whole number'],
  ['search?pattern=x', 'bad-request', '"pattern" is not known'],
  [
    `search?q=${'x'.repeat(limits.searchTextCharsMax + 1)}`,
    'bad-request',
    `"q" is more than ${limits.searchTextCharsMax}`,
  ],
  ['histogram?buckets=0', 'bad-request', '"buckets" must be a whole number'],
  ['lines?skip=x', 'bad-request', '"skip" must be a whole number'],
])('%s is refused with a sentence', async (path, code, message) => {
  const answer = await get(path)
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ error: { code, message: expect.stringContaining(message) } })
})

test.each(['search', 'histogram', 'lines?level=error'])(
  '%s of a run that is not there is not found',
  async (path) => {
    expect((await get(path, newRunId())).status).toBe(404)
  },
)

function countErrors(pattern: RegExp): number {
  return countLines(new RegExp(`^\\[error\\].*${pattern.source}`))
}

function countLines(pattern: RegExp): number {
  let count = 0
  for (let pos = 0; pos < total; pos++) {
    const isErr = Math.floor(pos / 100) % 10 === 3
    if (pattern.test(`${isErr ? '[error] ' : ''}line ${pos}`)) count += 1
  }
  return count
}

describe('export', () => {
  test('gives every line as text or JSON, compressed when asked, and only those that match', async () => {
    const text = await get('export')
    const rows = text.body.toString().split('\n')
    expect([rows.length, rows[0]]).toEqual([total + 1, '2026-01-01T00:00:00.000Z web-1 line 0'])
    expect(text.headers['content-disposition']).toBe(`attachment; filename="${id}.txt"`)
    const found = await get('export?format=ndjson&level=error&from=300&to=500')
    const lines = found.body
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ pos }) => pos)).toEqual(Array.from({ length: 100 }, (_, at) => 300 + at))
    expect(lines[0]).toMatchObject({ channel: 'err', host: 'web-2', text: '[error] line 300' })
    const packed = await fetch(`${server.base}/api/v1/runs/${id}/export?gzip=true&q=line+19999`)
    expect(gunzipSync(new Uint8Array(await packed.arrayBuffer())).toString()).toMatch(
      /line 19999\n$/,
    )
    expect((await get('export?q=%28&regex=true')).status).toBe(400)
    expect((await get('export?q=nowhere')).body.length).toBe(0)
  })
})
