/** What a line costs, counted and not timed: the promises that keep Farglass fast on any machine. */
import { afterEach, expect, test } from 'vitest'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import { pageFormat } from '../../src/http/sse/page-format.ts'
import { makeGate } from '../support/gate.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'

let server: TestServer | undefined
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

const lines = 100_000

/** Every event of a finished run's stream, as text. */
async function eventsOf({ base }: TestServer, path: string): Promise<string[]> {
  const response = await fetch(`${base}${path}`)
  return (await response.text()).split('\n\n').filter((event) => event.includes('data:'))
}

test('seed-27-cost-per-line: a line costs no store access and no event of its own', async () => {
  server = await startHttpServer()
  let appends = 0
  const { log } = server.store
  const append = log.append.bind(log)
  log.append = (batch) => {
    appends += 1
    return append(batch)
  }
  const { id } = await server.run(`seq 1 ${lines}`)
  expect((await server.ended(id)).lines).toBe(lines)
  expect(appends).toBeLessThan(lines / 100)
  const events = await eventsOf(server, `/api/v1/runs/${id}/stream?from=0`)
  expect(events.length).toBeLessThan(lines / 100)
})

test('seed-28-fan-out: one more viewer costs no reading, no encoding and no copy of a line', async () => {
  server = await startHttpServer()
  await using gate = await makeGate()
  const { id } = await server.run(`${gate.wait}; seq 1 ${lines}; sleep 0.3`)
  const { service } = server
  let begun = 0
  const follow = async () => {
    const items: FeedItem[] = []
    for await (const item of service.follow(id, 0, new AbortController().signal)) {
      if (items.length === 0 && item.kind === 'run' && ++begun === 10) await gate.open()
      if (item.kind === 'frame') items.push(item)
    }
    return items
  }
  const viewers = await Promise.all(Array.from({ length: 10 }, follow))
  const blocks = new Set(viewers.flat().map((frame) => pageFormat.encode(frame)))
  const [first] = viewers
  expect(viewers.every((frames) => frames.at(-1)?.kind === 'frame')).toBe(true)
  expect(blocks.size).toBeLessThan(1.5 * (first?.length ?? 0))
})
