/** The file that followed lines come from: the same in every way that lines are read. */
import { expect, test } from 'vitest'
import { createEngineApi } from '../../src/app/engine-api.ts'
import { type FarglassApi, type FollowEvent } from '../../src/client/api.ts'
import { createHttpApi } from '../../src/client/http-api.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import { listedRun } from '../../src/shared/listed-run.ts'
import { startHttpServer } from '../support/http-server.ts'
import { sampleRun } from '../support/sample-run.ts'

const hostile = '/var/log/<b>\u001b[31m"\n\u2028ä漢🙂.log'
const ended = { state: 'ended', outcome: 'succeeded', endedAt: '2026-01-01T00:00:00.000Z' } as const
const expected: readonly [text: string, file: string | undefined][] = [
  ['connected', undefined],
  ['one', '/var/log/a'],
  ['two', '/var/log/a'],
  ['three', hostile],
  ['four', '/var/log/a'],
]

test.each(['over HTTP', 'of an engine in the process'] as const)(
  'a line says its file on a page and on the stream, from any cursor, %s',
  async (kind) => {
    const { id, store } = await storeWithFiles()
    await using server = await startHttpServer({ store })
    const api =
      kind === 'over HTTP' ? createHttpApi({ baseUrl: server.base }) : createEngineApi(server)
    for (let from = 0; from < expected.length; from++) {
      const { lines } = await api.lines(id, from, 10)
      expect(lines.map(({ text, file }) => [text, file])).toEqual(expected.slice(from))
      expect(await followed(api, id, from)).toEqual(expected.slice(from))
    }
    expect((await api.lines(id, 1, 1)).lines[0]).toMatchObject({ text: 'one', file: '/var/log/a' })
  },
)

async function storeWithFiles() {
  const store = createMemoryStore()
  const run = sampleRun()
  await store.catalog.create(run, 'test')
  const groups = [
    groupOf('note', 'connected'),
    groupOf('out', 'one\ntwo', '/var/log/a'),
    groupOf('out', 'three', hostile),
    groupOf('out', 'four', '/var/log/a'),
  ]
  const tasks = run.tasks.map((task) => ({ ...task, state: 'ended', exitCode: 0 }) as const)
  await store.log.append({ run: run.id, epoch: 1, pos: 0, groups, tasks, state: ended })
  return { id: run.id, store }
}

function groupOf(channel: LineGroup['channel'], text: string, file?: string): LineGroup {
  const bytes = new TextEncoder().encode(`${text}\n`)
  const head = { task: 0, channel, time: 1_763_000_000_000, ...(file !== undefined && { file }) }
  return { ...head, count: text.split('\n').length, bytes, end: 'newline' }
}

async function followed(api: FarglassApi, id: string, from: number) {
  const rows: [text: string, file: string | undefined][] = []
  const take = (event: FollowEvent) => {
    if (event.kind !== 'lines') return
    for (const { lines, file } of event.groups) {
      for (const text of lines) rows.push([text, file])
    }
  }
  for await (const event of api.follow(id, from, AbortSignal.timeout(20_000))) take(event)
  return rows
}

test.each([
  { kind: 'files', paths: ['/var/log/a', hostile], lines: 0 },
  { kind: 'journal', unit: 'nginx.service' },
  { kind: 'container', name: 'web', lines: 5 },
] as const)(
  'a stored run of the source $kind is given whole by every way to read it',
  async (source) => {
    const store = createMemoryStore()
    const run = { ...sampleRun({ source }), ...ended }
    await store.catalog.create(run, 'test')
    await using server = await startHttpServer({ store })
    const api = createHttpApi({ baseUrl: server.base })
    expect(await api.get(run.id)).toEqual(run)
    expect(await api.listWhole()).toEqual([run])
    expect(await api.list()).toEqual([listedRun(run)])
    for await (const event of api.follow(run.id, 0, AbortSignal.timeout(20_000))) {
      if (event.kind === 'run' || event.kind === 'end') expect(event.run).toEqual(run)
    }
  },
)
