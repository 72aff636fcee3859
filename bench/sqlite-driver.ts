/**
 * Figures for docs/adr/0004-sqlite-driver.md: the same statements through one driver, and kill -9
 * while it commits. `npx tsx bench/sqlite-driver.ts [node:sqlite | @photostructure/sqlite | libsql]`;
 * libsql is no dependency: `npm install --no-save libsql@0.5.29` first.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SqlDatabase, SqlDriver } from '../src/adapters/sqlite/driver.ts'

const [name = '@photostructure/sqlite', childDirectory] = process.argv.slice(2)
const batch = new Uint8Array(64 * 1024).map((_, at) => 32 + (at % 90))
const linesPerBatch = 655
const kills = 20

if (childDirectory === undefined) await measure()
else commitUntilKilled(await openIn(childDirectory))

async function measure(): Promise<void> {
  for (const batchesPerCommit of [1, 8]) await measureCommits(batchesPerCommit)
  let acknowledged = 0
  const directory = await mkdtemp(join(tmpdir(), 'farglass-driver-'))
  for (let turn = 0; turn < kills; turn++) acknowledged = await killOne(directory, turn)
  await rm(directory, { recursive: true })
  console.log(`${name}: ${kills} × kill -9, ${acknowledged} batches acknowledged, none lost`)
}

async function measureCommits(batchesPerCommit: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'farglass-driver-'))
  const database = await openIn(directory)
  const commits = Math.floor(2_000 / batchesPerCommit)
  const commit = committer(database)
  const startedMs = performance.now()
  for (let turn = 0; turn < commits; turn++) commit(turn * batchesPerCommit, batchesPerCommit)
  const ms = performance.now() - startedMs
  const rate = Math.round((commits * batchesPerCommit * linesPerBatch) / ms)
  console.log(`${name}: ${batchesPerCommit} batches per commit: ${rate}k lines/s`)
  database.close()
  await rm(directory, { recursive: true })
}

async function killOne(directory: string, turn: number): Promise<number> {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), name, directory]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const killAfter = 5 + ((turn * 37) % 60)
  let acknowledged = 0
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    count++
    if (count === killAfter) child.kill('SIGKILL')
  }
  const database = await openIn(directory)
  const { stored, last } = database
    .prepare('SELECT count(*) AS stored, max(pos) AS last FROM batches')
    .get() ?? { stored: 0, last: -1 }
  const check = database.prepare('PRAGMA integrity_check').get()?.['integrity_check']
  database.close()
  if (Number(stored) < acknowledged || last !== Number(stored) - 1 || check !== 'ok') {
    throw new Error(JSON.stringify({ acknowledged, stored, last, check }))
  }
  return acknowledged
}

function commitUntilKilled(database: SqlDatabase): void {
  const commit = committer(database)
  const row = database.prepare('SELECT count(*) AS next FROM batches').get()
  for (let pos = Number(row?.['next']); ; pos += 4) {
    commit(pos, 4)
    console.log(pos + 4)
  }
}

function committer(database: SqlDatabase): (pos: number, count: number) => void {
  const insert = database.prepare('INSERT INTO batches (run, pos, body) VALUES (1, ?, ?)')
  return (pos, count) => {
    database.exec('BEGIN IMMEDIATE')
    for (let at = 0; at < count; at++) insert.run(pos + at, batch)
    database.exec('COMMIT')
  }
}

async function openIn(directory: string): Promise<SqlDatabase> {
  const driver = await load()
  const database = new driver(join(directory, 'driver.sqlite'))
  database.exec(`
    PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 512;
    CREATE TABLE IF NOT EXISTS batches (number INTEGER PRIMARY KEY, run INTEGER, pos INTEGER, body BLOB);
    CREATE UNIQUE INDEX IF NOT EXISTS batches_by_pos ON batches (run, pos);`)
  return database
}

async function load(): Promise<SqlDriver> {
  // A module chosen by name has no type; each of the three has one of these two exports.
  const module = (process.getBuiltinModule(name) ?? (await import(name))) as {
    DatabaseSync?: SqlDriver
    default?: SqlDriver
  }
  const driver = module.DatabaseSync ?? module.default
  if (driver === undefined) throw new Error(`${name} is no SQLite driver.`)
  return driver
}
