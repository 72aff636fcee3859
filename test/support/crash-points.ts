/** Crash-point enumeration: a small ingest through the real store, killed at its n-th write or sync of the disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { checkLines, crashRun, lineGroup } from './store-lines.ts'
import { takeOver } from './take-over.ts'

const program = new URL('./store-writer.ts', import.meta.url).pathname

/** Every call by which SQLite changes its files. */
const calls = 'write,pwrite64,fsync,fdatasync,ftruncate,unlink,openat'

/** 50 lines in batches of at most 10, few at once: nearly each batch is a commit of its own. */
const ingest = ['full', '1', '50', '10', '2']

export interface CrashReport {
  /** The last position that the program had said was stored. */
  readonly acknowledged: number
  /** Positions found in the log afterwards. */
  readonly found: number
  /** False when the ingest has fewer calls than that: it came to its end. */
  readonly wasKilled: boolean
}

/** How many crash points the ingest has. */
export async function countCrashPoints(): Promise<number> {
  using place = newPlace()
  const log = join(place.directory, '..', 'calls')
  const { words } = await runTraced(place.directory, ['-o', log])
  if (!words.some((word) => word.startsWith('done ')))
    throw new Error(`the ingest failed: ${words.join(', ')}`)
  const counts = new Map<string, number>()
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const [thread = '', call = ''] = line.split(/[ (]+/)
    if (calls.split(',').includes(call)) counts.set(thread, (counts.get(thread) ?? 0) + 1)
  }
  return Math.max(...counts.values())
}

/**
 * Kills the ingest at its n-th call, opens what it has left, and goes on with it. Throws when an
 * acknowledged line is missing, a position is missing or has another text, or nothing can be added.
 */
export async function crashAt(n: number): Promise<CrashReport> {
  using place = newPlace()
  const inject = `inject=${calls}:signal=SIGKILL:when=${n}`
  const { words, signal } = await runTraced(place.directory, ['-o', '/dev/null', '-e', inject])
  const positions = words.map((word) => /^acknowledged ([0-9]+)$/.exec(word)?.[1] ?? '0')
  const acknowledged = Math.max(0, ...positions.map(Number))
  await using store = await openSqliteStore({ directory: place.directory, sync: 'full' })
  const { next } = await checkLines(store.log)
  if (next < acknowledged) throw new Error(`${acknowledged} acknowledged, ${next} found`)
  const { run } = madeBefore(await store.catalog.create(crashRun, 'again', key))
  if (run.next !== next || run.lines !== next)
    throw new Error(`${next} lines, run says ${run.next}`)
  const owned = await takeOver(store.catalog, run.id, 'again')
  const more = {
    run: run.id,
    epoch: owned.run.epoch,
    pos: next,
    groups: [lineGroup(next, 3)],
    tasks: [],
  }
  const answer = await store.log.append(more)
  if (answer.kind !== 'stored') throw new Error(`an append was answered ${answer.kind}`)
  await checkLines(store.log)
  return { acknowledged, found: next, wasKilled: signal === 'SIGKILL' }
}

/** The same as the program uses, so the run is made only once. */
const key = { key: 'crash', digest: 'crash' }

function madeBefore<Result extends { readonly kind: string }>(made: Result) {
  if (made.kind === 'conflict') throw new Error('the run was stored with another digest')
  return made as Exclude<Result, { readonly kind: 'conflict' }>
}

async function runTraced(directory: string, flags: readonly string[]) {
  const database = join(directory, 'farglass.sqlite')
  const files = ['', '-wal', '-shm'].flatMap((end) => ['-P', `${database}${end}`])
  const strace = ['-f', '-q', '-e', `trace=${calls}`, ...files, ...flags]
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), program]
  const child = spawn('strace', [...strace, ...node, directory, ...ingest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  await once(child, 'close')
  return { words: text.split('\n'), signal: child.signalCode }
}

function newPlace() {
  const base = mkdtempSync(join(tmpdir(), 'farglass-point-'))
  return {
    directory: join(base, 'data'),
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}
