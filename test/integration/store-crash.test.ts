/** The SQLite store when its process is killed or the disk is full: nothing acknowledged is lost. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqliteStore, type SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { countCrashPoints, crashAt } from '../support/crash-points.ts'
import { checkLines, crashRun, lineGroup } from '../support/store-lines.ts'
import { takeOver } from '../support/take-over.ts'

const seed = Number(process.env['FARGLASS_TEST_SEED'] ?? Date.now() % 1_000_000)
const program = new URL('../support/store-writer.ts', import.meta.url).pathname

describe('kill -9', () => {
  test(`loses no acknowledged line, doubles none, at 6 moments (seed ${seed})`, async () => {
    const directory = newDirectory()
    let acknowledged = 0
    for (let turn = 0; turn < 6; turn++) {
      const writer = startWriter([directory, 'full', String(seed + turn)])
      const said = await killAfter(writer, ((seed + turn * 7_919) * 31) % 400)
      acknowledged = Math.max(acknowledged, ...said)
      await using store = await openSqliteStore({ directory, sync: 'full' })
      const { next, bytes } = await checkLines(store.log)
      expect(next).toBeGreaterThanOrEqual(acknowledged)
      const run = await store.catalog.get(crashRun.id)
      // Lines, counters and offsets are of one transaction.
      expect(run).toMatchObject({ first: 0, next, lines: next })
      expect(run?.tasks[0]?.outBytes).toBe(bytes)
      const { progress } = await takeOver(store.catalog, crashRun.id, 'me')
      expect([...progress]).toEqual(next === 0 ? [] : [[0, String(next)]])
    }
    expect(acknowledged).toBeGreaterThan(0)
  })

  test(`F2: at a write or sync of the disk, loses no acknowledged line and gives no position two texts (seed ${seed})`, async () => {
    const count = await countCrashPoints()
    const step = Math.ceil(count / 8)
    for (let at = 1 + (seed % step); at <= count; at += step) {
      const { found, acknowledged } = await crashAt(at)
      expect(found, `killed at call ${at} of about ${count}`).toBeGreaterThanOrEqual(acknowledged)
    }
  })

  test('with the sync at an interval, raises the epoch of what had not ended', async () => {
    const directory = newDirectory()
    const writer = startWriter([directory, 'interval', String(seed)])
    await killAfter(writer, 20)
    await using store = await openSqliteStore({ directory, sync: 'interval' })
    const { next } = await checkLines(store.log)
    // 1 at its creation, 2 taken over by the writer, 3 because of the kill.
    const after = { epoch: 3, next, reset: { epoch: 3, from: next } }
    expect(await store.catalog.get(crashRun.id)).toMatchObject(after)
  })

  test('leaves the epoch alone when each line was synced, or the end was clean', async () => {
    const directory = newDirectory()
    await killAfter(startWriter([directory, 'full', String(seed)]), 20)
    const epochNow = async (sync: 'full' | 'interval') => {
      await using store = await openSqliteStore({ directory, sync })
      return (await store.catalog.get(crashRun.id))?.epoch
    }
    expect(await epochNow('interval')).toBe(2)
    expect(await epochNow('full')).toBe(2)
  })
})

describe('two processes', () => {
  test('write their runs into one directory at once and read each other', async () => {
    const directory = newDirectory()
    await using store = await openSqliteStore({ directory, sync: 'full' })
    const own = { ...crashRun, id: `r${'d'.repeat(25)}` }
    await store.catalog.create(own, 'me')
    const writer = startWriter([directory, 'full', '3', '20000'])
    let pos = 0
    const finished = once(writer, 'exit')
    while (writer.exitCode === null) {
      const group = lineGroup(pos, 10)
      const append = { run: own.id, epoch: 1, pos, groups: [group], tasks: [] }
      expect(await store.log.append(append)).toEqual({ kind: 'stored', next: pos + 10 })
      pos += 10
    }
    await finished
    expect(writer.exitCode).toBe(0)
    expect((await checkLines(store.log)).next).toBeGreaterThanOrEqual(20_000)
    expect(await store.log.bounds(own.id)).toMatchObject({ first: 0, next: pos })
  })
})

describe('disk full', () => {
  test('is told with a sentence, loses nothing, and passes when there is room', async () => {
    const directory = newDirectory()
    // A limit on the size of files stands in for the full disk: it needs no rights.
    const writer = startWriter([directory, 'full', String(seed), '60000'], { fileBlocks: 1_500 })
    const errors = collect(writer.stderr)
    const [said] = await Promise.all([wordsOf(writer), once(writer, 'exit')])
    expect(await errors).toContain(`data directory ${directory}`)
    expect(await errors).toContain('store-failed')
    const acknowledged = Math.max(0, ...said)
    expect(acknowledged).toBeGreaterThan(0)
    const again = startWriter([directory, 'full', String(seed), '1000'])
    const [later] = await Promise.all([wordsOf(again), once(again, 'exit')])
    expect(again.exitCode).toBe(0)
    await using store = await openSqliteStore({ directory, sync: 'full' })
    const { next } = await checkLines(store.log)
    expect(next).toBe(Math.max(...later))
    expect(next).toBeGreaterThanOrEqual(acknowledged + 1_000)
  })

  test.runIf(process.getuid?.() === 0)(
    'on a small file system: pauses one store, which goes on once there is room',
    async () => {
      const directory = newDirectory()
      mkdirSync(join(directory, 'disk'))
      const disk = join(directory, 'disk')
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk])
      onTestFinished(() => {
        execFileSync('umount', [disk])
      })
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(6 * 1024 * 1024))
      await using store = await openSqliteStore({ directory: disk, sync: 'full' })
      await store.catalog.create(crashRun, 'me')
      const { next, error } = await fill(store)
      expect(error).toMatchObject({ code: 'disk-full' })
      expect(String(error)).toContain(`The disk of Farglass is full (data directory ${disk}).`)
      expect((await checkLines(store.log)).next).toBe(next)
      rmSync(join(disk, 'ballast'))
      const more = {
        run: crashRun.id,
        epoch: 1,
        pos: next,
        groups: [lineGroup(next, 100)],
        tasks: [],
      }
      expect(await store.log.append(more)).toEqual({ kind: 'stored', next: next + 100 })
      expect((await checkLines(store.log)).next).toBe(next + 100)
    },
  )
})

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-crash-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function startWriter(
  args: readonly string[],
  limit?: { readonly fileBlocks: number },
): ChildProcess {
  const tsx = import.meta.resolve('tsx')
  const node = [process.execPath, '--import', tsx, program, ...args]
  const ulimit = limit === undefined ? '' : `ulimit -f ${limit.fileBlocks}; `
  const child = spawn('sh', ['-c', `${ulimit}exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', limit === undefined ? 'inherit' : 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The positions that the writer said were acknowledged, up to its end. */
async function wordsOf(writer: ChildProcess): Promise<number[]> {
  return killAfter(writer, Number.POSITIVE_INFINITY)
}

/** The same, but kills it after so many of them. */
async function killAfter(writer: ChildProcess, count: number): Promise<number[]> {
  if (writer.stdout === null) throw new Error('The writer has no stdout.')
  const positions: number[] = []
  for await (const line of createInterface({ input: writer.stdout })) {
    const [word, number] = line.split(' ')
    if (word === 'acknowledged') positions.push(Number(number))
    if (positions.length >= count) writer.kill('SIGKILL')
  }
  return positions
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream ?? []) text += String(chunk)
  return text
}

/** Appends until the store refuses. */
async function fill(store: SqliteStore): Promise<{ next: number; error: unknown }> {
  let next = 0
  for (;;) {
    const append = {
      run: crashRun.id,
      epoch: 1,
      pos: next,
      groups: [lineGroup(next, 2_000)],
      tasks: [],
    }
    try {
      await store.log.append(append)
      next += 2_000
    } catch (error) {
      return { next, error }
    }
  }
}
