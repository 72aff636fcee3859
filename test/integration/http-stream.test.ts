/** Integration tests of the stream of a run, over real sockets. */
import { expect, test } from 'vitest'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import type { Run } from '../../src/shared/run.ts'
import { startHttpServer } from '../support/http-server.ts'
import { type SseStream, send, watch } from '../support/raw-http.ts'

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
  expect(rows.map(({ pos }) => pos)).toEqual(rows.map((_, at) => (first?.pos ?? 0) + at))
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
  const again = await send(`${server.base}/api/v1/runs/${id}/stream?from=${next}`)
  expect([again.status, again.text]).toEqual([204, ''])
})
