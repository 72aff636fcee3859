/** Integration tests of many and of slow viewers: bounded, complete, and gone when they go. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { FeedItem, RunService } from '../../src/core/runs/run-service.ts'
import { Viewer } from '../../src/http/sse/viewer.ts'
import { WireBlock } from '../../src/http/sse/wire-block.ts'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import { parseExposition, valueOf } from '../support/exposition-parser.ts'
import { startHttpServer } from '../support/http-server.ts'
import { open, send, watch } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

const streamOf = (server: { base: string }, id: string) => `${server.base}/api/v1/runs/${id}/stream`

/** Counts the bytes of lines that each follower has taken, in the order in which they came. */
function countTaken(service: RunService): number[] {
  const taken: number[] = []
  const follow = service.follow.bind(service)
  service.follow = async function* (id, from, signal): AsyncGenerator<FeedItem> {
    const at = taken.push(0) - 1
    for await (const item of follow(id, from, signal)) {
      if (item.kind === 'frame') {
        for (const group of item.groups) taken[at] = (taken[at] ?? 0) + group.bytes.length
      }
      yield item
    }
  }
  return taken
}

/** Lines of a stream as it comes, without keeping it: how many, and whether any is missing. */
async function countLines(url: string): Promise<{ lines: number; dense: boolean; end: boolean }> {
  const answer = await open(url)
  answer.setEncoding('utf8')
  let rest = ''
  let lines = 0
  let dense = true
  let end = false
  for await (const chunk of answer) {
    const blocks = (rest + String(chunk)).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block.includes('event: end')) end = true
      const data = /^id: [0-9]+\nevent: lines\ndata: (.*)$/.exec(block)?.[1]
      if (data === undefined) continue
      const event = JSON.parse(data) as LinesEvent
      if (event.pos !== lines) dense = false
      lines = event.next
    }
  }
  return { lines, dense, end }
}

/** TCP sockets of this process, on both sides. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
}

const bytesMax = 40_000_000

test('seed-11-stalled-viewer: who reads nothing holds a bounded share, loses nothing, and disturbs nobody', async () => {
  await using server = await startHttpServer()
  const taken = countTaken(server.service)
  const { id } = await server.run(`yes ${'x'.repeat(99)} | head -c ${bytesMax}`)
  const stalled = await open(streamOf(server, id))
  stalled.pause()
  const others = await Promise.all([1, 2].map(() => countLines(streamOf(server, id))))
  const { next } = await server.ended(id)
  for (const other of others) expect(other).toEqual({ lines: next, dense: true, end: true })
  // What it has taken sits in the buffers of the kernel (10 MB at most here) and 256 KiB of ours.
  expect(taken.toSorted((a, b) => a - b)[0]).toBeLessThan(15_000_000)
  let lines = 0
  let text = ''
  for await (const chunk of stalled) {
    text += String(chunk)
    const cut = text.lastIndexOf('\n\n')
    for (const match of text
      .slice(0, cut + 1)
      .matchAll(/^data: \{"pos":([0-9]+),"next":([0-9]+)/gm)) {
      expect(Number(match[1])).toBe(lines)
      lines = Number(match[2])
    }
    text = text.slice(cut)
  }
  expect(lines).toBe(next)
})

test('a viewer whose socket takes nothing is cut, and comes again with its cursor', async () => {
  await using server = await startHttpServer({ streamLimits: { viewerStallMs: 2_000 } })
  const { id } = await server.run(`yes ${'x'.repeat(99)} | head -c ${bytesMax}`)
  const stalled = await open(streamOf(server, id))
  stalled.pause()
  await server.ended(id)
  await until('it is cut', () => server.followers() === 0)
  let error: unknown
  try {
    for await (const chunk of stalled) void chunk
  } catch (cause) {
    error = cause
  }
  expect(String(error)).toContain('aborted')
  const figures = parseExposition((await send(`${server.base}/metrics`)).text)
  expect(valueOf(figures, 'farglass_viewers_cut_total', { reason: 'stalled' })).toBe(1)
  expect((await countLines(streamOf(server, id))).end).toBe(true)
})

test('seed-18-viewer-leak: 50 viewers of a silent run go, and nothing of them stays', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('sleep 60')
  const before = sockets()
  for (let round = 0; round < 2; round++) {
    const streams = await Promise.all(Array.from({ length: 50 }, () => watch(streamOf(server, id))))
    await until('all follow', () => server.followers() === 50)
    for (const stream of streams) stream.cut()
    await until('all are gone', () => server.followers() === 0)
  }
  expect(server.calls.filter((name) => name === 'follow').length).toBe(100)
  expect(await until('its sockets are closed', () => sockets() <= before)).toBe(true)
  await server.service.stop(id)
})

test('seed-18-viewer-leak: a viewer that goes while its run is looked up leaves nothing', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('sleep 60')
  const get = server.service.get.bind(server.service)
  let find = () => {}
  const found = new Promise<void>((resolve) => {
    find = resolve
  })
  server.service.get = async (run) => {
    await found
    return get(run)
  }
  const before = sockets()
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`GET /api/v1/runs/${id}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  await until('it is looked up', () => server.calls.includes('get'))
  socket.destroy()
  await until('it is gone', () => sockets() <= before)
  find()
  await until('it was served', () => server.calls.includes('follow'))
  await until('nobody follows', () => server.followers() === 0)
  await server.service.stop(id)
})

test('a reader that closes only its sending side is let go as well', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('sleep 60')
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(`GET /api/v1/runs/${id}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)
  await until('it follows', () => server.followers() === 1)
  socket.resume()
  socket.end()
  await until('it is gone', () => server.followers() === 0)
  expect(server.calls).toContain('follow')
  socket.destroy()
  await server.service.stop(id)
})

test('over the limit of viewers the answer is 503 with a time to come back', async () => {
  await using server = await startHttpServer({
    streamLimits: { viewersPerRunMax: 2, viewersMax: 3 },
  })
  const [one, two] = [await server.run('sleep 60'), await server.run('sleep 60')]
  const first = await watch(streamOf(server, one.id))
  await watch(streamOf(server, one.id))
  const third = await send(streamOf(server, one.id))
  expect(third.status).toBe(503)
  expect(third.json).toMatchObject({ error: { code: 'too-many-viewers' } })
  expect(third.headers['retry-after']).toBe('5')
  await watch(streamOf(server, two.id))
  expect((await send(`${server.base}/stream?channel=${two.id}`)).status).toBe(503)
  first.cut()
  await until('a place is free', async () => {
    const again = await open(streamOf(server, two.id))
    again.destroy()
    return again.statusCode === 200
  })
  for (const { id } of [one, two]) await server.service.stop(id)
})

test('seed-33-fd-1024: more than 2,000 viewers of one run all get every line', async () => {
  const count = 2_050
  await using server = await startHttpServer({ streamLimits: { viewersPerRunMax: 4_096 } })
  const folder = await mkdtemp(join(tmpdir(), 'fg-viewers-'))
  const go = join(folder, 'go')
  // However long it takes until all are there.
  const wait = `while [ ! -e '${go}' ]; do sleep 0.1; done`
  const { id } = await server.run(`${wait}; for i in 1 2 3 4 5; do seq 1 100; sleep 0.1; done`)
  const seen: Promise<{ lines: number; dense: boolean; end: boolean }>[] = []
  for (let at = 0; at < count; at += 100) {
    const wave = Array.from({ length: Math.min(100, count - at) }, () =>
      countLines(streamOf(server, id)),
    )
    seen.push(...wave)
    await until('the wave is there', () => server.followers() === seen.length)
  }
  await writeFile(go, '')
  const results = await Promise.all(seen)
  await rm(folder, { recursive: true })
  const { next, outcome } = await server.ended(id)
  expect(outcome).toBe('succeeded')
  expect(next).toBeGreaterThanOrEqual(500)
  const wrong = results.filter(({ lines, dense, end }) => lines !== next || !dense || !end)
  expect([results.length, wrong]).toEqual([count, []])
  await until('all are gone', () => server.followers() === 0)
})

test('blocks shared by all viewers join to one valid gzip stream for each, wherever they join', async () => {
  const blocks = Array.from(
    { length: 50 },
    (_, at) => new WireBlock(`data: ${'é'.repeat(at * 97)}\n\n`),
  )
  let from = 0
  const server = createServer((_request, response: ServerResponse) => {
    response.writeHead(200)
    const viewer = new Viewer(response, { gzip: true, stallMs: 10_000 })
    for (const block of blocks.slice(from)) viewer.write(block)
    viewer.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  for (from of [0, 17, 49, 50]) {
    const { body } = await send(`http://127.0.0.1:${port}/`)
    // gunzipSync checks length and checksum of the trailer.
    expect(gunzipSync(body).toString()).toBe(
      blocks
        .slice(from)
        .map(({ plain }) => plain.toString())
        .join(''),
    )
  }
  server.close()
})

test('closing does not wait for a stalled viewer; meanwhile requests hear that it is closing', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run(`yes ${'x'.repeat(99)} | head -c ${bytesMax}`)
  const stalled = await open(streamOf(server, id))
  stalled.pause()
  stalled.on('error', () => {})
  await server.ended(id)
  const kept = connect(server.port, '127.0.0.1')
  let text = ''
  kept.on('data', (chunk) => (text += String(chunk)))
  const closing = server.close()
  kept.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  await until('an answer', () => text.includes('"shutting-down"'))
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  await closing
  await until('the viewer is let go', () => server.followers() === 0)
})

test('a proxy that speaks HTTP/1.0 gets the stream without chunks, as it comes', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('echo one; sleep 60')
  const socket = connect(server.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write(
    `GET /api/v1/runs/${id}/stream HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
  )
  await until('the line is there', () => text.includes('"lines":["one"]'))
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s)
  expect(head).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(head.toLowerCase()).not.toContain('transfer-encoding')
  expect(body).toMatch(/^retry: 1000\n\nevent: run\n/)
  socket.destroy()
  await server.service.stop(id)
})
