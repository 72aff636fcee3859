/** Databases of earlier versions: opened, brought to this version, and nothing of them lost. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { loadDriver } from '../../src/adapters/sqlite/driver.ts'
import { openSqliteStore, type SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { sampleRun } from '../support/sample-run.ts'
import { takeOver } from '../support/take-over.ts'

/** Written by 0.1.0: one run that has ended, one that was running, a key and a session. */
const firstVersion = new URL('../fixtures/store-v1.sqlite.gz', import.meta.url)

const endedId = `r${'e'.repeat(25)}`
const openId = `r${'o'.repeat(25)}`

test('keeps every run, line, key and session of a database of 0.1.0', async () => {
  const { directory } = oldDatabase()
  await using store = await openSqliteStore({ directory, sync: 'full' })
  await expectAll(store)
})

test('lets a run of 0.1.0 go on: it is taken over, gets lines, and its progress outlives the process', async () => {
  const { directory } = oldDatabase()
  {
    await using store = await openSqliteStore({ directory, sync: 'full' })
    const { run, progress } = await takeOver(store.catalog, openId, 'new')
    expect([run.epoch, run.next, progress.size]).toEqual([2, 300, 0])
    const answer = await store.log.append({
      run: openId,
      epoch: 2,
      pos: 300,
      groups: [
        {
          task: 0,
          channel: 'out',
          time: 5,
          count: 1,
          bytes: Buffer.from('more\n'),
          end: 'newline',
        },
      ],
      tasks: [],
      progress: [{ task: 1, value: 'at 301' }],
    })
    expect(answer).toEqual({ kind: 'stored', next: 301 })
  }
  await using store = await openSqliteStore({ directory, sync: 'full' })
  const { run, progress } = await takeOver(store.catalog, openId, 'newer')
  expect([run.epoch, run.next, run.lines]).toEqual([3, 301, 301])
  expect([...progress]).toEqual([[1, 'at 301']])
})

test('brings a database of 0.1.0 to this version once, also when it is opened twice at the same time', async () => {
  const { directory, file } = oldDatabase()
  const open = () => openSqliteStore({ directory, sync: 'full' })
  const [one, two] = await Promise.all([open(), open()])
  await expectAll(two)
  await one[Symbol.asyncDispose]()
  await two[Symbol.asyncDispose]()
  const database = new (await loadDriver())(file)
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 9 })
  database.close()
})

function oldDatabase(): { readonly directory: string; readonly file: string } {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-migration-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'farglass.sqlite')
  writeFileSync(file, gunzipSync(readFileSync(firstVersion)), { mode: 0o600 })
  return { directory, file }
}

async function expectAll(store: SqliteStore): Promise<void> {
  const command = "printf 'ä漢🙂\\n'"
  const ended = sampleRun({ id: endedId, source: { kind: 'command', command } })
  const endedAt = '2026-01-01T00:00:05.000Z'
  const [task] = ended.tasks
  expect(await store.catalog.get(endedId)).toEqual({
    ...ended,
    state: 'ended',
    outcome: 'failed',
    endedAt,
    lines: 4,
    next: 5,
    tasks: [{ ...task, mode: 'plain', state: 'ended', exitCode: 3, outBytes: 10, endedAt }],
  })
  const groups = await store.log.read(endedId, 0, 1_000)
  expect(groups.map(({ channel, time, end }) => [channel, time - 1_763_000_000_000, end])).toEqual([
    ['note', 0, 'newline'],
    ['out', 1, 'newline'],
    ['err', -5, 'unterminated'],
    ['out', 0, 'continued'],
  ])
  expect(groups.slice(0, 3).flatMap((group) => textsOf(group))).toEqual([
    'connected',
    'ä漢🙂',
    'a',
    'b',
  ])
  expect([...(groups[3]?.bytes ?? [])]).toEqual([0, 255, 13, 27])

  const open = await store.catalog.get(openId)
  expect(open).toMatchObject({ mode: 'pty', state: 'running', next: 300, lines: 300, epoch: 1 })
  // Its tasks said nothing of their mode, which was that of their run.
  const running = { state: 'running', errBytes: 300, startedAt: '2026-01-01T00:00:01.000Z' }
  expect(open?.tasks).toEqual([
    newTask(0, 'web-1', 'pty'),
    { ...newTask(1, 'web-2', 'pty'), ...running },
  ])
  const lines = (await store.log.read(openId, 0, 10_000)).flatMap((group) => textsOf(group))
  expect(lines).toEqual(Array.from({ length: 300 }, (_, pos) => `line ${pos}`))

  const onWeb2 = await store.catalog.list({ limit: 9, host: 'web-2' })
  expect(onWeb2.map(({ id }) => id)).toEqual([openId])
  expect((await store.catalog.unfinished()).map(({ id, owner }) => [id, owner])).toEqual([
    [openId, 'old'],
  ])
  const again = await store.catalog.create(sampleRun(), 'new', { key: 'k', digest: 'd' })
  expect(again).toMatchObject({ kind: 'existing', run: { id: endedId } })
  expect(await store.sessions.get('s')).toEqual({
    digest: 's',
    createdAt: 1,
    expiresAt: 2,
    idleUntil: 3,
  })
}
