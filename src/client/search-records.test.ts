import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SearchRecord } from '../shared/protocol/search.ts'
import { readRecords } from './search-records.ts'

const line = {
  pos: 1,
  task: 0,
  channel: 'out',
  time: '2026-01-01T00:00:00.000Z',
  text: 'ça',
} as const
const span: SearchRecord = {
  kind: 'span',
  from: 0,
  to: 9,
  time: line.time,
  count: 1,
  lines: [line],
}
const end: SearchRecord = { kind: 'end', from: 0, to: 9, count: 1, stopped: null }
const lineOf = (record: object) => `${JSON.stringify(record)}\n`

function answer(text: string, cuts: readonly number[] = []): Response {
  const bytes = new TextEncoder().encode(text)
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])]
  const sorted = places.toSorted((a, b) => a - b)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const [at, place] of sorted.entries()) {
        if (at > 0) controller.enqueue(bytes.slice(sorted[at - 1], place))
      }
      controller.close()
    },
  })
  return new Response(body)
}

async function read(response: Response): Promise<SearchRecord[]> {
  const records: SearchRecord[] = []
  for await (const record of readRecords(response)) records.push(record)
  return records
}

test('gives every record once, however the answer is cut', async () => {
  const text = [span, span, end].map(lineOf).join('')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000), { maxLength: 8 }), async (cuts) => {
      expect(await read(answer(text, cuts))).toEqual([span, span, end])
    }),
  )
})

test('leaves out kinds that it does not know', async () => {
  expect(await read(answer(lineOf({ kind: 'later' }) + lineOf(end)))).toEqual([end])
})

test.each([
  ['without its end', lineOf(span), 'cut off'],
  ['within a record', lineOf(span) + lineOf(end).slice(0, 9), 'cut off'],
  ['that is no JSON', 'nothing\n', 'not JSON'],
  ['whose span has no lines', lineOf({ ...span, lines: 1 }), 'a list "lines"'],
  ['whose count is none', lineOf({ ...end, count: -1 }), 'a whole number "count"'],
])('an answer %s is refused', async (_, text, why) => {
  await expect(read(answer(text))).rejects.toThrow(why)
})
