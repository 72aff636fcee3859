/** Claim: the store is not what limits a burst, and one append costs about one sync. `npx tsx bench/store.ts` runs it alone. */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { openSqliteStore, type SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import { limits } from '../src/shared/limits.ts'
import type { LineGroup } from '../src/shared/line-group.ts'
import { crashRun as benchRun } from '../test/support/store-lines.ts'
import { type BenchContext, type Claim, type Figure, median, repeat } from './support/claim.ts'
import { timeDataSync } from './support/disk.ts'
import { Histogram } from './support/histogram.ts'
import { tableOf } from './support/table.ts'

export const store: Claim = { name: 'store', measure }

type Context = Pick<BenchContext, 'folder' | 'repeats' | 'quick'>

const claim = 'store (SQLite in a worker)'
const line = Buffer.from(`${'x'.repeat(99)}\n`)
const linesPerBatch = Math.floor(limits.batchBytesMax / line.length)
const batchesInFlightMax = Math.floor(limits.uncommittedBytesMax / limits.batchBytesMax)

async function measure(context: Context): Promise<readonly Figure[]> {
  const rawSync = await repeat(context.repeats, async () => {
    return (await timeDataSync(context.folder)).percentile(0.5)
  })
  const sync = { what: 'fdatasync', value: median(rawSync) }
  const raw = await repeat(context.repeats, () => writeRaw(context))
  const rawFile = { what: 'raw file', value: median(raw) }
  return [
    row('fdatasync of 4 KiB, p50', rawSync, { unit: 'ms' }),
    row('plain file, one fdatasync per MiB', raw, { unit: 'lines/s' }),
    ...(await measureBurst(context, 'full', rawFile)),
    ...(await measureBurst(context, 'interval', rawFile)),
    ...(await measureSingle(context, 'full', sync)),
    ...(await measureSingle(context, 'interval', sync)),
    ...(await measureReads(context)),
  ]
}

type Peer = { readonly what: string; readonly value: number }

async function measureBurst(
  context: Context,
  sync: 'full' | 'interval',
  peer: Peer,
): Promise<readonly Figure[]> {
  const batches = context.quick ? 300 : 3_000
  const turns = await repeat(context.repeats, () =>
    withStore(context, sync, async (opened) => {
      const before = performance.eventLoopUtilization()
      const startedMs = performance.now()
      await appendBatches(opened, { from: 0, batches })
      const ms = performance.now() - startedMs
      const { active } = performance.eventLoopUtilization(before)
      const count = batches * linesPerBatch
      return { rate: (count / ms) * 1_000, mainUs: (active * 1_000) / count }
    }),
  )
  const rates = turns.map((turn) => turn.rate)
  const mainUs = turns.map((turn) => turn.mainUs)
  return [
    row(`100-byte lines in 64 KiB batches, sync ${sync}`, rates, {
      unit: 'lines/s',
      target: '>= 500,000',
      peer: { ...peer, ratio: median(rates) / peer.value },
    }),
    row(`main thread per line, sync ${sync}`, mainUs, { unit: 'µs', target: '<= 0.15' }),
  ]
}

/** One line at a time, as at a low rate: nothing is joined, each append waits for its own sync. */
async function measureSingle(
  context: Context,
  sync: 'full' | 'interval',
  peer: Peer,
): Promise<readonly Figure[]> {
  const turns = await repeat(context.repeats, () =>
    withStore(context, sync, async (opened) => {
      const times = new Histogram()
      for (let pos = 0; pos < (context.quick ? 200 : 2_000); pos++) {
        const startedMs = performance.now()
        await append(opened, pos, groupOf(1))
        times.add(performance.now() - startedMs)
      }
      return times
    }),
  )
  const rowFor = (quantile: number, name: string): Figure => {
    const values = turns.map((times) => times.percentile(quantile))
    return row(`append of one line, ${name}, sync ${sync}`, values, {
      unit: 'ms',
      peer: { ...peer, ratio: median(values) / peer.value },
    })
  }
  return [rowFor(0.5, 'p50'), rowFor(0.99, 'p99')]
}

/** Reads must not wait behind commits: the same reads on an idle store and beside a burst. */
async function measureReads(context: Context): Promise<readonly Figure[]> {
  const batches = context.quick ? 100 : 500
  const turns = await repeat(context.repeats, () =>
    withStore(context, 'full', async (opened) => {
      await appendBatches(opened, { from: 0, batches })
      const idle = await timeReads(opened, () => true)
      let isWriting = true
      const writing = appendBatches(opened, { from: batches, batches: batches * 4 }).then(() => {
        isWriting = false
      })
      const beside = await timeReads(opened, () => isWriting)
      await writing
      return { idle: idle.percentile(0.5), beside: beside.percentile(0.5) }
    }),
  )
  const idle = turns.map((turn) => turn.idle)
  const beside = turns.map((turn) => turn.beside)
  const peer = { what: 'idle', value: median(idle), ratio: median(beside) / median(idle) }
  return [
    row('read of 512 KiB on an idle store, p50', idle, { unit: 'ms' }),
    row('the same beside a burst of appends, p50', beside, { unit: 'ms', peer }),
  ]
}

async function timeReads(opened: SqliteStore, goOn: () => boolean): Promise<Histogram> {
  const times = new Histogram()
  for (let turn = 0; turn < 100 && goOn(); turn++) {
    const startedMs = performance.now()
    await opened.log.read(benchRun.id, turn * 997, limits.catchUpBytesMax)
    times.add(performance.now() - startedMs)
  }
  return times
}

async function appendBatches(
  opened: SqliteStore,
  part: { readonly from: number; readonly batches: number },
): Promise<void> {
  const group = groupOf(linesPerBatch)
  const flying: Promise<void>[] = []
  for (let batch = 0; batch < part.batches; batch++) {
    flying.push(append(opened, (part.from + batch) * linesPerBatch, group))
    if (flying.length >= batchesInFlightMax) await flying.shift()
  }
  await Promise.all(flying)
}

async function append(opened: SqliteStore, pos: number, group: LineGroup): Promise<void> {
  const { tasks } = benchRun
  const answer = await opened.log.append({
    run: benchRun.id,
    epoch: 1,
    pos,
    groups: [group],
    tasks,
  })
  if (answer.kind !== 'stored') throw new Error(`The append at ${pos} was answered ${answer.kind}.`)
}

function groupOf(count: number): LineGroup {
  const bytes = Buffer.alloc(count * line.length, line)
  return { task: 0, channel: 'out', time: Date.now(), count, bytes, end: 'newline' }
}

async function withStore<T>(
  context: Context,
  sync: 'full' | 'interval',
  use: (opened: SqliteStore) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(context.folder, 'store-'))
  try {
    await using opened = await openSqliteStore({ directory, sync })
    await opened.catalog.create(benchRun, 'bench')
    return await use(opened)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The floor: the same bytes appended to a plain file, with a sync for each MiB. */
async function writeRaw(context: Context): Promise<number> {
  const name = join(context.folder, 'raw-probe')
  const part = Buffer.alloc(1024 * 1024, line)
  const parts = context.quick ? 20 : 200
  const file = await open(name, 'w')
  try {
    const startedMs = performance.now()
    for (let turn = 0; turn < parts; turn++) {
      await file.write(part)
      await file.datasync()
    }
    return ((parts * part.length) / line.length / (performance.now() - startedMs)) * 1_000
  } finally {
    await file.close()
    await rm(name)
  }
}

function row(
  what: string,
  samples: readonly number[],
  more: Pick<Figure, 'unit'> & Partial<Figure>,
): Figure {
  return { claim, what, samples, value: median(samples), ...more }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'farglass-bench-'))
  try {
    console.log(tableOf(await measure({ folder, repeats: 3, quick: false })))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
