import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limits } from '../shared/limits.ts'
import { readEventStream } from './event-stream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A stream that gives this text and is silent from then on; its head never comes without any text. */
function silentAfter(text: string | null) {
  return (signal: AbortSignal) =>
    new Promise<Response>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      if (text === null) return
      const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
        controller.enqueue(new TextEncoder().encode(text))
        signal.addEventListener('abort', () => controller.error(new Error('aborted')))
      }
      const headers = { 'content-type': 'text/event-stream' }
      resolve(new Response(new ReadableStream({ start }), { headers }))
    })
}

/** The last news of a connection that begins with `text`, and after how long they came. */
async function lastNews(text: string | null, answers?: boolean) {
  const start = performance.now()
  const read = async () => {
    const kinds: string[] = []
    const news = readEventStream({
      open: silentAfter(text),
      parse: (event) => event,
      signal: new AbortController().signal,
      ...(answers === undefined ? {} : { answers: async () => answers }),
    })
    for await (const each of news) {
      kinds.push(each.kind === 'refused' ? each.error.code : each.kind)
    }
    return { kinds, ms: performance.now() - start }
  }
  const [result] = await Promise.all([read(), vi.advanceTimersByTimeAsync(120_000)])
  return result
}

test('a stream of which nothing comes while the server answers is held back on its way', async () => {
  const { kinds, ms } = await lastNews(null, true)
  expect(kinds).toEqual(['stream-held'])
  expect(ms).toBe(limits.streamFirstMs)
})

test('so is one that has begun, when its heartbeat does not come', async () => {
  const { kinds, ms } = await lastNews('event: run\ndata: {}\n\n', true)
  expect(kinds).toEqual(['opened', 'event', 'stream-held'])
  expect(ms).toBe(limits.streamLateMs)
})

test.each([
  ['nobody asks', undefined],
  ['the server does not answer', false],
])('a silent stream is only broken when %s', async (_, answers) => {
  const { kinds, ms } = await lastNews('event: run\ndata: {}\n\n', answers)
  expect(kinds).toEqual(['opened', 'event', 'broken'])
  expect(ms).toBe(limits.streamSilenceMs)
})
