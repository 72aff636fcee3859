/** Integration tests of grouped tasks over real HTTP, on stored lines and on shells that run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newRunId } from '../../src/adapters/system/ids.ts'
import { createSseParser } from '../../src/client/sse-parser.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { limits } from '../../src/shared/limits.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import type { GroupedRun } from '../../src/shared/protocol/groups.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { send } from '../support/raw-http.ts'
import { sampleRun } from '../support/sample-run.ts'
import { until } from '../support/until.ts'

const ids = Array.from({ length: limits.groupedRunsMax + 1 }, newRunId)
const [id = ''] = ids
/** They go on, carried by nobody here. */
const live = Array.from({ length: limits.groupedRunsMax }, newRunId)
let server: TestServer
let directory: string

/** Three hosts of which one prints another second line; the exit codes are 0, 0, 3. */
beforeAll(async () => {
  const store = createMemoryStore()
  const tasks = [0, 0, 3].map((exitCode, at) => {
    return { ...newTask(at, `web-${at + 1}`), state: 'ended', exitCode } as const
  })
  for (const run of ids) {
    const ended = {
      state: 'ended',
      outcome: 'failed',
      endedAt: '2026-01-01T00:00:09.000Z',
    } as const
    await store.catalog.create(sampleRun({ ...ended, id: run, tasks }), 'test')
    const groups = [
      linesOf(0, 'a\nb\n'),
      linesOf(1, 'a\nb\n'),
      linesOf(2, 'a\nB\n'),
      { ...linesOf(1, 'warned\n'), channel: 'err' as const },
      { ...linesOf(0, 'warned\n'), channel: 'err' as const },
      { ...linesOf(2, 'warned\n'), channel: 'err' as const },
    ]
    await store.log.append({ run, epoch: 1, pos: 0, groups, tasks: [] })
  }
  for (const run of live) await store.catalog.create(sampleRun({ id: run, tasks }), 'test')
  server = await startHttpServer({ store })
  directory = await mkdtemp(join(tmpdir(), 'fg-groups-'))
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

function linesOf(task: number, text: string): LineGroup {
  const count = text.split('\n').length - 1
  const bytes = new TextEncoder().encode(text)
  return { task, channel: 'out', time: 0, count, bytes, end: 'newline' }
}

const path = (run: string, more = '') => `${server.base}/api/v1/runs/${run}/groups${more}`

/** The events of a stream of groups until the test has seen enough, or the stream ends. */
async function* events(run: string, signal: AbortSignal) {
  const response = await fetch(path(run, '/stream'), { signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const parser = createSseParser()
  for await (const chunk of response.body ?? []) {
    for (const message of parser.push(chunk)) {
      if (message.kind === 'retry') continue
      const groups = message.event === 'groups' ? (JSON.parse(message.data) as GroupedRun) : null
      yield { event: message.event, groups }
    }
  }
}

const ended = (exitCode: number) => ({ state: 'ended', exitCode, signal: null })

test('of a run that has ended: who printed the same, and where the others differ', async () => {
  const answer = await send(path(id))
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({
    run: id,
    from: 0,
    next: 9,
    isFinal: true,
    groups: [
      {
        tasks: [2],
        ended: ended(3),
        lines: { out: 2, err: 1 },
        common: { out: 1, err: 1 },
        relation: 'differs',
      },
      {
        tasks: [0, 1],
        ended: ended(0),
        lines: { out: 2, err: 1 },
        common: { out: 2, err: 1 },
        relation: 'reference',
      },
    ],
    tooLong: [],
  })
  // Any other node on the same store says the same.
  await using other = await startHttpServer({ store: server.store })
  expect((await send(`${other.base}/api/v1/runs/${id}/groups`)).json).toEqual(answer.json)
  const wrong = await send(path(id, '?mask=host,colours'))
  expect([wrong.status, JSON.stringify(wrong.json)]).toEqual([400, expect.stringContaining('mask')])
  const masked = await send(path(id, '?mask=host,numbers'))
  expect((masked.json as GroupedRun).groups.map(({ relation }) => relation)).toEqual([
    'differs',
    'reference',
  ])
  const seen: string[] = []
  for await (const { event } of events(id, new AbortController().signal)) seen.push(event)
  expect(seen).toEqual(['groups', 'end'])
  const again = await send(path(id, '/stream'), { headers: { 'last-event-id': '9' } })
  expect(again.status).toBe(204)
})

test('of more runs than are kept at once, one after the other', async () => {
  for (const run of ids) expect((await send(path(run))).status).toBe(200)
  expect((await send(path(newRunId()))).status).toBe(404)
  expect((await send(path(newRunId(), '/stream'))).status).toBe(404)
})

test('of a run that goes on: each change is told, until its end', async () => {
  const gate = join(directory, 'gate')
  const command = `echo same; while ! test -e ${gate}; do sleep 0.2; done; exit 4`
  const request = { target: 'local,other', source: { kind: 'command', command } } as const
  const { id: run } = await server.service.start({ request })
  const watched = events(run, new AbortController().signal)
  expect((await watched.next()).value).toMatchObject({ groups: { isFinal: false } })
  await writeFile(gate, '')
  let last: GroupedRun | null = null
  for await (const { groups } of watched) last = groups ?? last
  expect(last).toMatchObject({
    isFinal: true,
    groups: [{ tasks: [0, 1], ended: ended(4), lines: { out: 1, err: 0 }, relation: 'reference' }],
  })
})

test('of too many runs at once: refused with a sentence, until one is left', async () => {
  const leave = new AbortController()
  const streams = await Promise.all(
    live.map(async (run) => {
      const stream = events(run, leave.signal)
      await stream.next()
      return stream
    }),
  )
  const refused = await send(path(id))
  expect(refused.status).toBe(503)
  expect(refused.json).toMatchObject({ error: { code: 'too-many-groupings' } })
  leave.abort()
  await Promise.allSettled(streams.map((stream) => stream.next()))
  await until('others have room again', async () => (await send(path(id))).status === 200)
})
