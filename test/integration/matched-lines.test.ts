/** The lines that a filter leaves on the page are those that match, each at its place, while the run grows under it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newRunId } from '../../src/adapters/system/ids.ts'
import { createHttpApi } from '../../src/client/http-api.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import { createLineWindow } from '../../src/web/features/viewer/line-window.ts'
import { MatchedLines } from '../../src/web/features/viewer/matched-lines.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { sampleRun } from '../support/sample-run.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { until } from '../support/until.ts'

let server: TestServer

beforeAll(async () => {
  server = await startHttpServer()
})

afterAll(() => server[Symbol.asyncDispose]())

const time = Date.parse('2026-11-29T10:00:00Z')
const group = (texts: readonly string[]): LineGroup => ({
  task: 0,
  channel: 'out',
  time,
  count: texts.length,
  bytes: new TextEncoder().encode(texts.map((text) => `${text}\n`).join('')),
  end: 'newline',
})

test.each([1, 2, 3, 4, 5, 6])(
  'seed %i: wherever the reader is, and whatever the page holds',
  async (seed) => {
    const random = seededRandom(seed)
    const id = newRunId()
    const { store } = server
    const texts: string[] = []
    const append = async (count: number): Promise<void> => {
      const more = Array.from({ length: count }, (_, at) =>
        random.next() < 0.2 ? `hit ${texts.length + at}` : `other ${texts.length + at}`,
      )
      const pos = texts.length
      texts.push(...more)
      await store.log.append({ run: id, epoch: 1, pos, groups: [group(more)], tasks: [] })
    }
    await store.catalog.create(sampleRun({ id }), 'test')
    for (let batch = 0; batch < 40; batch++) await append(1 + Math.floor(random.next() * 1_500))
    const run = createLineWindow()
    run.cover(0, texts.length)
    const isLocal = seed % 2 === 0
    const lines = new MatchedLines({
      api: createHttpApi({ baseUrl: server.base }),
      id,
      query: {
        fields: isLocal ? { text: ':hit' } : { text: 'r:^hi.' },
        isWanted: isLocal ? ({ text }) => text.includes('hit') : () => null,
        slow: null,
      },
      anchor: Math.floor(random.next() * (texts.length + 1)),
      run,
    })
    /** The run grows; the page holds the new lines, or has skipped them. */
    const grow = async (isHeld: boolean): Promise<void> => {
      const from = texts.length
      await append(1 + Math.floor(random.next() * 700))
      run.cover(0, texts.length)
      if (isHeld) {
        const iso = new Date(time).toISOString()
        const fresh = texts.slice(from).map((text, at) => {
          return { pos: from + at, task: 0, channel: 'out' as const, time: iso, text }
        })
        run.put(fresh)
      }
      lines.grow()
    }
    try {
      for (let round = 0; round < 12; round++) {
        await grow(random.next() < 0.7)
        if (random.next() < 0.5) await new Promise((resolve) => setImmediate(resolve))
      }
      const wanted = texts.flatMap((text, pos) => (text.startsWith('hit') ? [pos] : []))
      await until('all is counted', () => {
        return lines.count === wanted.length && !lines.progress.value.isSearching
      })
      const read = (at: number): number | null => {
        const index = lines.first + at
        lines.look({ first: index, end: index + 1, direction: 1 })
        return lines.posAt(index)
      }
      for (let probe = 0; probe < 30; probe++) {
        const at = Math.floor(random.next() * wanted.length)
        const pos = wanted[at] ?? -1
        await until(`match ${at} is here`, () => read(at) !== null)
        expect(read(at)).toBe(pos)
        // From any line on, the next match.
        const from = Math.floor(random.next() * texts.length)
        const next = wanted.findIndex((one) => one >= from)
        const index = next < 0 ? wanted.length - 1 : next
        await until(`the place of line ${from}`, () => lines.indexOf(from) !== null)
        expect(lines.indexOf(from)).toBe(lines.first + index)
      }
    } finally {
      lines.close()
    }
  },
)
