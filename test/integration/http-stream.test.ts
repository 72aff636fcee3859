/** Integration tests of the stream of a run, over real sockets. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../../src/shared/limits.ts'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import type { Run, Task } from '../../src/shared/run.ts'
import { makeGate } from '../support/gate.ts'
import { startHttpServer } from '../support/http-server.ts'
import { type SseStream, send, watch, wholeEvents } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

interface Row {
  readonly pos: number
  readonly channel: string
  readonly text: string
}

/** Every line of a stream; fails when positions are not dense from the first on. */
function rowsOf(stream: SseStream): Row[] {
  const rows: Row[] = []
  for (const { event, data, id } of stream.events) {
    if (event !== 'lines') continue
    const lines = JSON.parse(data ?? '') as LinesEvent
    expect(id).toBe(String(lines.next))
    let pos = lines.pos
    for (const group of lines.groups) {
      expect(group.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      for (const text of group.lines) rows.push({ pos: pos++, channel: group.channel, text })
    }
    expect(pos).toBe(lines.next)
  }
  const [first] = rows
  const gap = rows.find(({ pos }, at) => pos !== (first?.pos ?? 0) + at)
  expect(gap).toBeUndefined()
  return rows
}

function outOf(stream: SseStream): string[] {
  return rowsOf(stream)
    .filter(({ channel }) => channel === 'out')
    .map(({ text }) => text)
}

test('seed-13-no-end: a stream tells the exit code and ends', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('printf "a\\nb"; exit 3')
  const stream = await watch(`${server.base}/api/v1/runs/${id}/stream`)
  expect(await stream.over).toBe('ended')
  expect(stream.events[0]?.event).toBe('run')
  const end = stream.events.at(-1)
  expect(end?.event).toBe('end')
  const { run, next } = JSON.parse(end?.data ?? '') as { run: Run; next: number }
  expect(end?.id).toBe(String(next))
  expect(run.tasks[0]?.exitCode).toBe(3)
  expect(run.outcome).toBe('failed')
  expect(outOf(stream)).toEqual(['a', 'b'])
})

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String(from + at))

const streamOf = (server: { base: string }, id: string, from = '') =>
  `${server.base}/api/v1/runs/${id}/stream${from}`

test('seed-01-late-joiner: who joins at half sees everything, as who was there from the start', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const { id } = await server.run(`seq 1 5000; ${gate.wait}; seq 5001 10000`)
  const early = await watch(streamOf(server, id))
  await until('the first half is there', () => outOf(early).length >= 5000)
  const late = await watch(streamOf(server, id))
  await gate.open()
  await Promise.all([early.over, late.over])
  const after = await watch(streamOf(server, id))
  await after.over
  for (const stream of [early, late, after]) {
    expect(outOf(stream)).toEqual(numbers(1, 10_000))
    expect(rowsOf(stream)).toEqual(rowsOf(early))
  }
})

test('seed-02-start-loss: a short run is there for whoever comes after it', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('seq 1 1000')
  await server.ended(id)
  const stream = await watch(streamOf(server, id))
  expect(await stream.over).toBe('ended')
  expect(outOf(stream)).toEqual(numbers(1, 1000))
})

test('seed-03-reconnect-loss: cut at any byte, resumed by Last-Event-ID, nothing is lost or doubled', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('for i in $(seq 1 40); do seq $i$i 500 $i$i$i; sleep 0.01; done')
  const whole = watch(streamOf(server, id)).then(async (stream) => {
    await stream.over
    return rowsOf(stream)
  })
  const seed = Date.now() % 100_000
  const cuts = fc.sample(fc.integer({ min: 1, max: 60_000 }), { seed, numRuns: 5_000 })
  const viewers = Array.from({ length: 8 }, async () => resumeUntilEnd(server, id, cuts))
  const seen = await Promise.all(viewers)
  const expected = await whole
  expect(expected.length).toBeGreaterThan(500)
  for (const { rows, connections } of seen) {
    expect(rows, `seed ${seed}`).toEqual(expected)
    expect(connections).toBeGreaterThan(2)
  }
})

/** Reads with cuts after random numbers of bytes; keeps whole events only, as a browser does. */
async function resumeUntilEnd(server: { base: string }, id: string, cuts: number[]) {
  const rows: Row[] = []
  let last: string | undefined
  for (let connections = 1; ; connections++) {
    const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
    // A stale `from` stays in the address of an EventSource: the header wins.
    const stream = await watch(streamOf(server, id, '?from=0'), headers)
    if (stream.status === 204) return { rows, connections }
    const cut = cuts.pop() ?? Number.POSITIVE_INFINITY
    let isOver = false
    void stream.over.then(() => (isOver = true))
    await until('bytes to cut after', () => isOver || stream.text().length >= cut)
    const events = wholeEvents(stream.text().slice(0, cut))
    stream.cut()
    await stream.over
    rows.push(...rowsOf({ ...stream, events }))
    last = events.findLast((event) => event.id !== undefined)?.id ?? last
  }
}

test('seed-08-channel-and-time: each line has its channel and its time', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('echo one; sleep 0.1; echo two >&2')
  const stream = await watch(streamOf(server, id))
  await stream.over
  const rows = rowsOf(stream).filter(({ channel }) => channel !== 'note')
  expect(rows.map(({ channel, text }) => [channel, text])).toEqual([
    ['out', 'one'],
    ['err', 'two'],
  ])
})

test('seed-16-no-first-byte: head, retry and run come at once on a silent run, then heartbeats', async () => {
  await using server = await startHttpServer({ streamLimits: { heartbeatMs: 60 } })
  const { id } = await server.run('sleep 60')
  const stream = await watch(streamOf(server, id))
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
  const first = await stream.event(({ event }) => event === 'run')
  expect((JSON.parse(first.data ?? '') as { run: Run }).run).toMatchObject({ id, first: 0 })
  expect(stream.text().startsWith('retry: 1000\n\nevent: run\n')).toBe(true)
  await until('heartbeats come', () => stream.text().split('\n:\n').length > 3)
  await server.service.stop(id)
  expect(await stream.over).toBe('ended')
})

test('a prompt without newline is shown as partial, then replaced by its line', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const { id } = await server.run(`printf "Password: "; ${gate.wait}; echo ok`)
  const stream = await watch(streamOf(server, id))
  const partial = await stream.event(({ event }) => event === 'partial')
  expect(partial.id).toBeUndefined()
  expect(JSON.parse(partial.data ?? '')).toEqual({ task: 0, channel: 'out', text: 'Password: ' })
  await gate.open()
  await stream.over
  expect(outOf(stream)).toEqual(['Password: ok'])
})

test('state changes of the task arrive, the exit code last', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const { id } = await server.run(`${gate.wait}; exit 7`)
  const stream = await watch(streamOf(server, id))
  await gate.open()
  await stream.over
  const tasks = stream.events
    .filter(({ event }) => event === 'task')
    .map(({ data }) => (JSON.parse(data ?? '') as { task: Task }).task)
  expect(tasks.at(-1)).toMatchObject({ state: 'ended', exitCode: 7 })
})

test('cursors: inside, at the end, past the end, final, and no number', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('seq 1 100')
  const { next } = await server.ended(id)
  const inside = await watch(streamOf(server, id, '?from=42'))
  await inside.over
  expect(rowsOf(inside)[0]?.pos).toBe(42)
  expect(rowsOf(inside).at(-1)?.pos).toBe(next - 1)
  const past = await watch(streamOf(server, id, `?from=${next + 5}`))
  expect(await past.over).toBe('ended')
  const reset = past.events.find(({ event }) => event === 'reset')
  expect(reset?.id).toBe(String(next))
  expect(JSON.parse(reset?.data ?? '')).toEqual({ epoch: 1, from: next, epochs: [] })
  const final = await send(streamOf(server, id, `?from=${next}`))
  expect([final.status, final.text]).toEqual([204, ''])
  const headers = { 'last-event-id': String(next) }
  expect((await send(streamOf(server, id), { headers })).status).toBe(204)
  for (const bad of ['-1', 'x', '1.5', '9007199254740993', '1e3', ' 1', '99999999999999999']) {
    const answer = await send(streamOf(server, id), { headers: { 'last-event-id': bad } })
    expect([bad, answer.status]).toEqual([bad, bad === ' 1' ? 200 : 400])
  }
})

test('a cursor at the end of a live run waits for the next line', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const { id } = await server.run(`seq 1 5; ${gate.wait}; echo six`)
  const first = await watch(streamOf(server, id))
  await until('five lines', () => outOf(first).length === 5)
  const next = first.events.findLast((event) => event.id !== undefined)?.id
  const second = await watch(streamOf(server, id, `?from=${next}`))
  expect(second.status).toBe(200)
  await gate.open()
  await second.over
  expect(outOf(second)).toEqual(['six'])
})

test('seed-10-ansi-nul, seed-26-markup: hostile lines travel as data, whole and unchanged', async () => {
  await using server = await startHttpServer()
  const hostile = [
    '\u001b[31mred\u001b]0;title\u0007',
    'data: x\u2028id: 9\u2029event: end',
    'a\0b',
    '<script>alert(1)</script>&amp;',
    '"quotes" and \\ back\\nslash',
    'progress 10%\rprogress 20%\r',
    '\u202egnp.exe\u200b',
    'id: 1',
    '',
    ': comment',
    '\ufeffbom',
    '\u{1f600} \u4e2d\u6587',
  ]
  const text = `${hostile.join('\n')}\n`
  const octal = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
  const { id } = await server.run(`printf '${octal.join('')}'`)
  const stream = await watch(streamOf(server, id))
  await stream.over
  // A CR before the newline is not part of the text; the bytes keep it.
  const texts = hostile.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  expect(outOf(stream)).toEqual(texts)
  const page = await send(`${server.base}/api/v1/runs/${id}/lines`)
  expect(page.text.includes('\u001b')).toBe(false)
  const raw = await send(`${server.base}/api/v1/runs/${id}/raw`)
  expect(raw.body.equals(Buffer.from(text))).toBe(true)
})

test('any bytes arrive as the same texts, on whatever side they were split', async () => {
  await using server = await startHttpServer()
  const seed = Date.now() % 100_000
  const samples = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), {
    seed,
    numRuns: 10,
  })
  for (const bytes of samples) {
    const octal = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
    const { id } = await server.run(`printf '${octal}'`)
    const stream = await watch(streamOf(server, id))
    await stream.over
    const body = Buffer.from(bytes)
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
    const texts = text.split('\n').map((line, at, all) => {
      const ended = at < all.length - 1
      return ended && line.endsWith('\r') ? line.slice(0, -1) : line
    })
    if (texts.at(-1) === '') texts.pop()
    expect(outOf(stream), `seed ${seed}`).toEqual(texts)
    const raw = await send(`${server.base}/api/v1/runs/${id}/raw`)
    expect(raw.body.equals(body), `seed ${seed}`).toBe(true)
  }
})

test('a long line is cut on the wire, and says how long it is', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run("head -c 300000 /dev/zero | tr '\\0' x; echo; echo short")
  const stream = await watch(streamOf(server, id))
  await stream.over
  const groups = stream.events
    .filter(({ event }) => event === 'lines')
    .flatMap(({ data }) => (JSON.parse(data ?? '') as LinesEvent).groups)
  const long = groups.find((group) => group.cut !== undefined)
  const [cut] = long?.cut ?? []
  expect(cut?.bytes).toBe(300_000)
  expect(long?.lines[cut?.index ?? -1]).toBe('x'.repeat(limits.wireLineBytesMax))
  expect(outOf(stream).at(-1)).toBe('short')
})

test('closing the server says bye with a time to come back, ends streams, and takes no new ones', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('echo one; sleep 600')
  const stream = await watch(streamOf(server, id))
  await until('a line', () => outOf(stream).length === 1)
  const closing = server.close()
  expect(await stream.over).toBe('ended')
  await closing
  const { data } = stream.events.findLast(({ event }) => event === 'bye') ?? {}
  const { retryMs } = JSON.parse(data ?? '') as { retryMs: number }
  expect(retryMs).toBeGreaterThanOrEqual(500)
  expect(retryMs).toBeLessThanOrEqual(5000)
  expect(stream.text()).toContain(`retry: ${retryMs}\n`)
  await expect(send(streamOf(server, id))).rejects.toThrow('ECONNREFUSED')
  await server.service.stop(id)
})
