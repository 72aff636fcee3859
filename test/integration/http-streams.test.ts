/** Integration tests of the stream of several runs in one connection. */
import { expect, test } from 'vitest'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import { makeGate } from '../support/gate.ts'
import { startHttpServer } from '../support/http-server.ts'
import { type SseStream, send, watch } from '../support/raw-http.ts'
import { until } from '../support/until.ts'

/** Lines of stdout per run; fails on a gap or a repetition. */
function textsOf(stream: SseStream, from: Readonly<Record<string, number>>): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  const cursors = new Map(Object.entries(from))
  for (const { event, id, data } of stream.events) {
    const fields = JSON.parse(data ?? '{}') as LinesEvent & { runId: string }
    if (event === 'bye') continue
    expect(fields.runId).toMatch(/^r[a-z0-9]{25}$/)
    if (event !== 'lines') continue
    expect(fields.pos).toBe(cursors.get(fields.runId) ?? 0)
    expect(id).toBe(`${fields.runId}:${fields.next}`)
    cursors.set(fields.runId, fields.next)
    const known = texts.get(fields.runId) ?? []
    for (const group of fields.groups) if (group.channel === 'out') known.push(...group.lines)
    texts.set(fields.runId, known)
  }
  return texts
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at + 1))

test('seed-21-six-tabs: one connection carries any number of runs, each from its own cursor', async () => {
  await using server = await startHttpServer()
  await using gate = await makeGate()
  const ids: string[] = []
  for (let at = 0; at < 14; at++)
    ids.push((await server.run(`seq 1 500; ${gate.wait}; seq 501 900`)).id)
  const warnings: string[] = []
  const warn = (warning: Error) => warnings.push(warning.message)
  process.on('warning', warn)
  const stream = await watch(`${server.base}/api/v1/stream?runs=${ids.join(',')}`)
  expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  await gate.open()
  expect(await stream.over).toBe('ended')
  process.off('warning', warn)
  expect(warnings).toEqual([])
  const texts = textsOf(stream, {})
  for (const id of ids) expect(texts.get(id)).toEqual(numbers(900))
  const ends = stream.events.filter(({ event }) => event === 'end')
  expect(ends.length).toBe(14)
})

test('each run resumes at its cursor; when all are over the answer is 204', async () => {
  await using server = await startHttpServer()
  const [one, two] = [await server.run('seq 1 100'), await server.run('seq 1 50')]
  const { next } = await server.ended(one.id)
  const other = await server.ended(two.id)
  const url = `${server.base}/api/v1/stream?runs=`
  const stream = await watch(`${url}${one.id}:60,${two.id}:${other.next}`)
  await stream.over
  const texts = textsOf(stream, { [one.id]: 60 })
  expect(texts.get(one.id)?.at(-1)).toBe('100')
  expect(texts.has(two.id)).toBe(false)
  const final = await send(`${url}${one.id}:${next},${two.id}:${other.next}`)
  expect([final.status, final.text]).toEqual([204, ''])
})

test('cut, it leaves no follower behind; a run that ends does not end the stream of the others', async () => {
  await using server = await startHttpServer()
  const [short, long] = [await server.run('echo one'), await server.run('echo two; sleep 60')]
  const stream = await watch(`${server.base}/api/v1/stream?runs=${short.id},${long.id}`)
  await stream.event(({ event }) => event === 'end')
  await until('one follower is left', () => server.followers() === 1)
  await until('its line', () => textsOf(stream, {}).get(long.id)?.length === 1)
  stream.cut()
  expect(await stream.over).toBe('cut')
  await until('none is left', () => server.followers() === 0)
  await server.service.stop(long.id)
})
