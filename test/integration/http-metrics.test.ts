/** Integration tests of `GET /metrics`: who may read it, and that its figures move with what happens. */
import { expect, test } from 'vitest'
import { watchProcess } from '../../src/adapters/system/process-figures.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { exposition } from '../../src/http/metrics/exposition.ts'
import { limits } from '../../src/shared/limits.ts'
import { parseExposition, valueOf } from '../support/exposition-parser.ts'
import { bearer, startHttpServer, type TestServer } from '../support/http-server.ts'
import { open, send, watch } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

async function figures(server: TestServer) {
  const { status, headers, text } = await send(`${server.base}/metrics`)
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parseExposition(text)
}

test('the figures need a login, which /healthz does not', async () => {
  await using server = await startHttpServer({ auth: 'token' })
  expect((await send(`${server.base}/healthz`)).status).toBe(200)
  const refused = await send(`${server.base}/metrics`)
  expect(refused.status).toBe(401)
  expect(refused.text).not.toContain('farglass_')
  const authorization = `Bearer ${bearer}`
  const given = await send(`${server.base}/metrics`, { headers: { authorization } })
  expect(given.status).toBe(200)
  expect(valueOf(parseExposition(given.text), 'farglass_info', { version: '0.0.0-test' })).toBe(1)
})

test('runs, tasks, lines, bytes and commits are counted as they happen', async () => {
  await using server = await startHttpServer()
  const before = await figures(server)
  expect(valueOf(before, 'farglass_stored_lines_total')).toBe(0)
  const { id } = await server.run('printf "a\\nbc\\n"; printf "d\\n" >&2; sleep 60')
  const state = { state: 'running' }
  const during = await until('three lines are stored', async () => {
    const now = await figures(server)
    return valueOf(now, 'farglass_stored_lines_total') === 3 && now
  })
  expect(valueOf(during, 'farglass_runs', state)).toBe(1)
  expect(valueOf(during, 'farglass_tasks', state)).toBe(1)
  expect(valueOf(during, 'farglass_stored_bytes_total')).toBe(7)
  expect(valueOf(during, 'farglass_commit_seconds_count')).toBeGreaterThan(0)
  expect(valueOf(during, 'farglass_commit_seconds_sum')).toBeGreaterThan(0)
  await server.service.stop(id)
  await server.ended(id)
  const after = await until('the run is counted', async () => {
    const now = await figures(server)
    return valueOf(now, 'farglass_runs_ended_total', { outcome: 'stopped' }) === 1 && now
  })
  expect(valueOf(after, 'farglass_tasks_ended_total', { state: 'ended' })).toBe(1)
  expect(valueOf(after, 'farglass_runs', state)).toBe(0)
  expect(valueOf(after, 'farglass_tasks', state)).toBe(0)
})

test('viewers are counted while they are there, and one that leaves by itself is not one that was cut', async () => {
  await using server = await startHttpServer()
  const { id } = await server.run('sleep 60')
  const stream = await watch(`${server.base}/api/v1/runs/${id}/stream`)
  await until('one viewer', async () => valueOf(await figures(server), 'farglass_viewers') === 1)
  expect(valueOf(await figures(server), 'farglass_viewer_queued_bytes')).toBe(0)
  stream.cut()
  await until('none', async () => valueOf(await figures(server), 'farglass_viewers') === 0)
  for (const reason of ['stalled', 'signed-out', 'failed', 'shutdown']) {
    expect(valueOf(await figures(server), 'farglass_viewers_cut_total', { reason })).toBe(0)
  }
  await server.service.stop(id)
})

test('a viewer that the server cuts is counted by the reason', async () => {
  const server = await startHttpServer({ auth: 'token' })
  const figure = async (...[name, labels]: [name: string, labels?: Record<string, string>]) =>
    valueOf(parseExposition(exposition(await server.metrics.read())), name, labels)
  const cuts = (reason: string) => figure('farglass_viewers_cut_total', { reason })
  const { id } = await server.run(`yes ${'x'.repeat(99)} | head -c 40000000`)
  await server.ended(id)
  const headers = { authorization: `Bearer ${bearer}` }
  const address = `${server.base}/api/v1/runs/${id}/stream`
  const read = server.store.log.read.bind(server.store.log)
  server.store.log.read = async () => {
    throw new Error('the disk is gone')
  }
  // It may be cut before its head has gone out.
  await watch(address, headers).catch(() => undefined)
  await until('it is cut', async () => (await cuts('failed')) === 1)
  server.store.log.read = read
  const stalled = await open(address, { headers })
  stalled.pause()
  stalled.on('error', () => undefined)
  await until('more waits than the kernel takes', async () => {
    return (await figure('farglass_viewer_queued_bytes')) > limits.viewerBufferBytesMax
  })
  await server[Symbol.asyncDispose]()
  await until('its end is counted', async () => (await cuts('shutdown')) === 1)
  expect(await cuts('stalled')).toBe(0)
})

test('a batch that the store refuses is counted', async () => {
  await using server = await startHttpServer()
  server.store.log.append = async () => {
    throw new Error('the disk is gone')
  }
  await server.run('echo a')
  await until('it is counted', async () => {
    return valueOf(await figures(server), 'farglass_commit_failures_total') > 0
  })
})

test('memory, CPU, descriptors and a blocked event loop of this very process are told', async () => {
  const metrics = createMetrics()
  const stop = watchProcess(metrics)
  const read = async () => parseExposition(exposition(await metrics.read()))
  const late = await until('the lag is seen', async () => {
    // A reading starts the measuring anew, from the next tick on.
    await new Promise((resolve) => setTimeout(resolve, 50))
    const endMs = performance.now() + 300
    while (performance.now() < endMs) void 0
    const now = await read()
    return valueOf(now, 'farglass_event_loop_lag_max_seconds') > 0.2 && now
  })
  stop()
  expect(valueOf(late, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(valueOf(late, 'process_cpu_seconds_total')).toBeGreaterThan(0.2)
  expect(valueOf(late, 'process_open_fds')).toBeGreaterThan(3)
  const startMs = valueOf(late, 'process_start_time_seconds') * 1_000
  expect(Math.abs(startMs - performance.timeOrigin)).toBeLessThan(1)
})
