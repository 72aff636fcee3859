/** The faults that the chaos tests inject do what their names say, and nothing else. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { seededRandom, seedOfProcess } from '../support/seeded-random.ts'
import { until } from '../support/until.ts'

const seed = seedOfProcess()

/** A server that sends back what it gets. */
async function startEcho() {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function dial(proxy: FaultProxy) {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  const got: Buffer[] = []
  const state = { over: '' }
  socket.on('data', (chunk: Buffer) => got.push(chunk))
  socket.on('end', () => (state.over ||= 'ended'))
  socket.on('error', (error: NodeJS.ErrnoException) => (state.over ||= error.code ?? 'failed'))
  return {
    socket,
    bytes: () => Buffer.concat(got),
    over: () => until('the connection is over', () => state.over !== '' && state.over),
  }
}

test(`passes every byte on in order, whatever it does to their times (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  const sent = Buffer.from(Array.from({ length: 60_000 }, () => random.between(0, 255)))
  const rules = [
    {},
    { delayMs: 30, jitterMs: 60 },
    { pieceBytesMax: 7 },
    { bytesPerSecond: 200_000, pieceBytesMax: 4_096 },
  ]
  await Promise.all(
    rules.map(async (rule) => {
      await using echo = await startEcho()
      await using proxy = await startFaultProxy({ targetPort: echo.port, rules: rule, seed })
      const { socket, bytes, over } = dial(proxy)
      socket.end(sent)
      expect(await over()).toBe('ended')
      expect(hash(bytes())).toBe(hash(sent))
      await until('nothing is open', () => proxy.open === 0 && echo.open() === 0)
    }),
  )
})

test('delays and limits as it is told', async () => {
  await using echo = await startEcho()
  await using proxy = await startFaultProxy({ targetPort: echo.port })
  const took = async (bytes: number) => {
    const start = performance.now()
    const line = dial(proxy)
    line.socket.write(Buffer.alloc(bytes))
    await until('all is back', () => line.bytes().length === bytes)
    line.socket.destroy()
    return performance.now() - start
  }
  proxy.setRules({ delayMs: 200 })
  expect(await took(10)).toBeGreaterThanOrEqual(395)
  proxy.setRules({ bytesPerSecond: 10_000, pieceBytesMax: 1_000 })
  expect(await took(5_000)).toBeGreaterThanOrEqual(395)
})

test('cuts after exactly as many bytes as it is told', async () => {
  await using echo = await startEcho()
  await using proxy = await startFaultProxy({ targetPort: echo.port })
  for (const cutAfterBytes of [1, 2_000]) {
    proxy.setRules({ cutAfterBytes })
    const { socket, bytes, over } = dial(proxy)
    socket.write(Buffer.alloc(5_000))
    // Node calls a reset that comes with the last bytes an end.
    expect(['ECONNRESET', 'ended']).toContain(await over())
    expect(bytes().length).toBe(cutAfterBytes)
  }
  await until('the other side has heard of it', () => echo.open() === 0)
})

test('a black hole lets nothing through, not even an end, and everything once it is over', async () => {
  await using echo = await startEcho()
  await using proxy = await startFaultProxy({ targetPort: echo.port })
  const before = dial(proxy)
  before.socket.write('before')
  await until('it is back', () => before.bytes().toString() === 'before')
  proxy.startBlackHole()
  before.socket.write('-during')
  const during = dial(proxy)
  during.socket.end('new')
  const gone = dial(proxy)
  await until('all are taken', () => proxy.accepted === 3)
  gone.socket.destroy()
  const beside = performance.now()
  await until('time has passed', () => performance.now() - beside > 300)
  expect([before.bytes().toString(), during.bytes().toString()]).toEqual(['before', ''])
  expect(echo.open()).toBe(3)
  proxy.endBlackHole()
  await until('it passes', () => before.bytes().toString() === 'before-during')
  expect(await during.over()).toBe('ended')
  expect(during.bytes().toString()).toBe('new')
  await until('who had gone is gone', () => echo.open() === 1)
  before.socket.destroy()
})

test('resets what is open and refuses what comes', async () => {
  await using echo = await startEcho()
  await using proxy = await startFaultProxy({ targetPort: echo.port })
  const lines = [dial(proxy), dial(proxy)]
  for (const line of lines) line.socket.write('x')
  await until('both are through', () => lines.every((line) => line.bytes().length === 1))
  expect(proxy.reset()).toBe(2)
  for (const line of lines) expect(await line.over()).toBe('ECONNRESET')
  proxy.setRefusing(true)
  expect(await dial(proxy).over()).toBe('ECONNRESET')
  proxy.setRefusing(false)
  const last = dial(proxy)
  last.socket.end('y')
  expect(await last.over()).toBe('ended')
  expect(last.bytes().toString()).toBe('y')
})

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
