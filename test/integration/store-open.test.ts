/** Opening the SQLite store: rights of its files, what it refuses, and what it says about damage. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadDriver } from '../../src/adapters/sqlite/driver.ts'
import { openSqliteStore, type SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import { runCli } from '../support/farglass.ts'
import { checkLines, crashRun, lineGroup } from '../support/store-lines.ts'
import { until } from '../support/until.ts'

test('makes the directory for its owner alone, and every file in it', async () => {
  const directory = join(newDirectory(), 'a', 'data')
  await using store = await openSqliteStore({ directory, sync: 'full' })
  await store.catalog.create(crashRun, 'me')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  const files = readdirSync(directory)
  expect(files.toSorted()).toEqual([
    'farglass.sqlite',
    'farglass.sqlite-shm',
    'farglass.sqlite-wal',
  ])
  for (const file of files) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600)
})

test('leaves one file after a clean end, and finds all of it again', async () => {
  const directory = newDirectory()
  await fill(directory, 1_000)
  expect(readdirSync(directory)).toEqual(['farglass.sqlite'])
  await using store = await openSqliteStore({ directory, sync: 'full' })
  expect((await checkLines(store.log)).next).toBe(1_000)
  expect(await store.catalog.get(crashRun.id)).toMatchObject({
    next: 1_000,
    lines: 1_000,
    epoch: 1,
  })
})

test('a removed run leaves no row, also when it was closed before all was swept', async () => {
  const directory = newDirectory()
  await fill(directory, 20_000)
  {
    await using store = await openSqliteStore({ directory, sync: 'full' })
    const state = { state: 'ended', outcome: 'succeeded', endedAt: 'x' } as const
    await store.catalog.save({ run: crashRun.id, epoch: 1, tasks: [], state })
    await store.catalog.remove(crashRun.id)
  }
  await using store = await openSqliteStore({ directory, sync: 'full' })
  expect(await store.catalog.get(crashRun.id)).toBeUndefined()
  expect(await store.log.read(crashRun.id, 0, 1_000)).toEqual([])
  const database = new (await loadDriver())(join(directory, 'farglass.sqlite'))
  const tables = ['runs', 'run_states', 'tasks', 'task_progress', 'batches', 'idempotency_keys']
  await until('nothing is left', () =>
    tables.every((table) => database.prepare(`SELECT 1 FROM ${table}`).get() === undefined),
  )
  database.close()
})

test('gives dropped space back to later runs, also when it was closed before all was swept', async () => {
  const directory = newDirectory()
  await fill(directory, 20_000)
  const file = join(directory, 'farglass.sqlite')
  const size = statSync(file).size
  {
    await using store = await openSqliteStore({ directory, sync: 'full' })
    await store.log.drop(crashRun.id)
  }
  {
    await using store = await openSqliteStore({ directory, sync: 'full' })
    expect(await store.log.bounds(crashRun.id)).toMatchObject({ first: 20_000, next: 20_000 })
    // Its sweeps come between the appends.
    for (let pos = 20_000; pos < 40_000; pos += 100) {
      await store.log.append({ ...appendAt(pos), groups: [lineGroup(pos, 100)] })
    }
  }
  expect(statSync(file).size).toBeLessThan(size * 1.5)
})

test('refuses the tables of a newer Farglass with a sentence, and does not touch them', async () => {
  const directory = newDirectory()
  await fill(directory, 10)
  const file = join(directory, 'farglass.sqlite')
  await sql(file, 'PRAGMA user_version = 99')
  const before = readFileSync(file)
  const opening = openSqliteStore({ directory, sync: 'full' })
  await expect(opening).rejects.toMatchObject({ code: 'store-failed' })
  await expect(opening).rejects.toThrow(/written by a newer Farglass \(version 99/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('refuses a database of another program, and a file that is none', async () => {
  const other = newDirectory()
  await sql(join(other, 'farglass.sqlite'), 'CREATE TABLE theirs (a)')
  await expect(openSqliteStore({ directory: other, sync: 'full' })).rejects.toThrow(
    /is a database of another program/,
  )
  const text = newDirectory()
  writeFileSync(join(text, 'farglass.sqlite'), 'not a database\n'.repeat(100))
  await expect(openSqliteStore({ directory: text, sync: 'full' })).rejects.toThrow(
    /The store is damaged: file is not a database/,
  )
})

test('names a directory that cannot be used', async () => {
  const file = join(newDirectory(), 'file')
  writeFileSync(file, '')
  const opening = openSqliteStore({ directory: join(file, 'data'), sync: 'full' })
  await expect(opening).rejects.toMatchObject({ code: 'store-failed' })
  await expect(opening).rejects.toThrow(`The data directory ${join(file, 'data')} cannot be used`)
  const taken = newDirectory()
  mkdirSync(join(taken, 'farglass.sqlite'))
  await expect(openSqliteStore({ directory: taken, sync: 'full' })).rejects.toThrow(
    /The store cannot be opened/,
  )
})

test('F9: lines whose bytes were changed on the disk are gaps at their positions and are named; all others are read', async () => {
  const directory = newDirectory()
  await fill(directory, 3_000)
  const file = join(directory, 'farglass.sqlite')
  overwrite(file, readFileSync(file).indexOf('line 2050\n'), 'LINE 2050\n')
  overwrite(file, readFileSync(file).indexOf('line 2950\n'), 'LINE 2950\n')
  await using store = await openSqliteStore({ directory, sync: 'full' })
  const texts = await textsFrom(store, 0)
  const gap = 'gap: the line that was here has been damaged on the disk of Farglass'
  const isGone = (pos: number) => (pos >= 2_000 && pos < 2_100) || pos >= 2_900
  expect(texts).toEqual(
    Array.from({ length: 3_000 }, (_, pos) => (isGone(pos) ? `note ${gap}` : `out line ${pos}`)),
  )
  // From the middle of the gap on too.
  expect(await textsFrom(store, 2_050)).toEqual(texts.slice(2_050))
  expect(await store.verify()).toEqual({
    batches: 30,
    damaged: [
      { run: crashRun.id, from: 2_000, to: 2_100 },
      { run: crashRun.id, from: 2_900, to: 3_000 },
    ],
  })
  const doctor = await runCli(['doctor', '--data', directory])
  expect(doctor.status).toBe(1)
  expect(doctor.stdout.toString()).toContain(
    `the disk has damaged the lines 2000 to 2099 of ${crashRun.id}, 2900 to 2999 of ${crashRun.id}.`,
  )
})

test('F9: a file whose tail was cut off is refused with a sentence, by the server and by doctor', async () => {
  const directory = newDirectory()
  await fill(directory, 30_000)
  const file = join(directory, 'farglass.sqlite')
  truncateSync(file, 8192 * Math.floor(statSync(file).size / 8192 / 2))
  const opening = openSqliteStore({ directory, sync: 'full' })
  await expect(opening).rejects.toMatchObject({ code: 'store-failed' })
  await expect(opening).rejects.toThrow(/The store is damaged: /)
  const doctor = await runCli(['doctor', '--data', directory])
  expect(doctor.status).toBe(1)
  expect(doctor.stdout.toString()).toMatch(
    /store: The store is damaged: .*\n.*restore .*from a backup/,
  )
})

test('checks the file after an unclean end and refuses it with a sentence when it is damaged', async () => {
  const directory = newDirectory()
  await fill(directory, 3_000)
  const file = join(directory, 'farglass.sqlite')
  // A process that is gone: nothing has the number 2^22 + 1 on Linux.
  await sql(file, "INSERT INTO openers VALUES ('dead', '4194305 1 boot', 'full')")
  {
    await using store = await openSqliteStore({ directory, sync: 'full' })
    expect((await checkLines(store.log)).next).toBe(3_000)
  }
  await sql(file, "INSERT INTO openers VALUES ('dead', '4194305 1 boot', 'full')")
  const page = readFileSync(file).indexOf('line 2050\n') & ~8191
  overwrite(file, page, 'x'.repeat(64))
  const opening = openSqliteStore({ directory, sync: 'full' })
  await expect(opening).rejects.toMatchObject({ code: 'store-failed' })
  await expect(opening).rejects.toThrow(/farglass\.sqlite is damaged: |The store is damaged: /)
})

/** Channel and text of every line from the position on, read in small parts. */
async function textsFrom(store: SqliteStore, from: number): Promise<string[]> {
  const texts: string[] = []
  for (let pos = from; ; ) {
    const groups = await store.log.read(crashRun.id, pos, 4_000)
    if (groups.length === 0) return texts
    for (const group of groups) {
      expect(group.pos).toBe(pos)
      pos += group.count
      texts.push(...textsOf(group).map((text) => `${group.channel} ${text}`))
    }
  }
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-open-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A store with one run of so many lines, in batches of 100, closed again. */
async function fill(directory: string, count: number): Promise<void> {
  await using store = await openSqliteStore({ directory, sync: 'full' })
  await store.catalog.create(crashRun, 'me')
  const appends: Promise<unknown>[] = []
  for (let pos = 0; pos < count; pos += 100) {
    const groups = [lineGroup(pos, Math.min(100, count - pos))]
    appends.push(store.log.append({ ...appendAt(pos), groups }))
  }
  await Promise.all(appends)
}

function appendAt(pos: number) {
  return { run: crashRun.id, epoch: 1, pos, tasks: [] }
}

async function sql(file: string, text: string): Promise<void> {
  const driver = await loadDriver()
  const database = new driver(file)
  database.exec(text)
  database.close()
}

function overwrite(file: string, offset: number, text: string): void {
  expect(offset).toBeGreaterThan(0)
  const handle = openSync(file, 'r+')
  writeSync(handle, text, offset)
  closeSync(handle)
}
