/** Claim: lines that leave Redis take a fraction of their size in the archive, and any of them is read back at once. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { openDirectoryArchive } from '../src/adapters/archive-directory/directory-archive.ts'
import type { ArchivedRange, PutRange } from '../src/core/store/archive.ts'
import { limits } from '../src/shared/limits.ts'
import type { PlacedGroup } from '../src/shared/line-group.ts'
import { type SeededRandom, seededRandom } from '../test/support/seeded-random.ts'
import { type BenchContext, type Claim, type Figure, rowsOf } from './support/claim.ts'
import { Histogram } from './support/histogram.ts'

export const archive: Claim = { name: 'archive', measure }

const run = `r${'archive'.padEnd(25, '0')}`
const linesPerBatch = 100

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const files = context.quick ? 2 : 12
  const taken: Taken[] = []
  for (let turn = 0; turn < context.repeats; turn += 1) {
    taken.push(await takeTurn(context, files, seededRandom(turn + 1)))
  }
  const table = rowsOf('archive (files of 4 MiB by gzip, lines as of a web server)')
  const row = (what: string, unit: string, of: (turn: Taken) => number): Figure =>
    table.row(what, unit, taken.map(of))
  return [
    row('lines packed and on the disk', 'lines/s', (turn) => turn.lines / turn.seconds),
    row('size of what it was', '%', (turn) => (100 * turn.packedBytes) / turn.bytes),
    row('disk per line', 'bytes', (turn) => turn.packedBytes / turn.lines),
    row('CPU per line packed', 'µs', (turn) => (turn.packCpuMs * 1_000) / turn.lines),
    row('one file read back, p50', 'ms', (turn) => turn.readMs),
    row('CPU per line read back', 'µs', (turn) => (turn.readCpuMs * 1_000) / turn.lines),
  ]
}

interface Taken {
  readonly lines: number
  readonly bytes: number
  readonly packedBytes: number
  readonly seconds: number
  readonly packCpuMs: number
  readonly readMs: number
  readonly readCpuMs: number
}

async function takeTurn(
  context: BenchContext,
  files: number,
  random: SeededRandom,
): Promise<Taken> {
  const directory = await mkdtemp(join(context.folder, 'archive-'))
  const opened = await openDirectoryArchive(directory)
  const chunks = makeChunks(files, random)
  const groups = chunks.flat()
  const packCpu = process.cpuUsage()
  const startMs = performance.now()
  const put: PutRange[] = []
  for (const chunk of chunks) put.push(await opened.put(run, chunk))
  const seconds = (performance.now() - startMs) / 1_000
  const packCpuMs = cpuMsSince(packCpu)
  const times = new Histogram()
  const readCpu = process.cpuUsage()
  for (const range of put) times.add(await timeLoad(() => opened.load(run, range), range))
  return {
    lines: groups.reduce((sum, { count }) => sum + count, 0),
    bytes: groups.reduce((sum, { bytes }) => sum + bytes.length, 0),
    packedBytes: put.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds,
    packCpuMs,
    readMs: times.percentile(0.5),
    readCpuMs: cpuMsSince(readCpu),
  }
}

async function timeLoad(
  load: () => Promise<readonly PlacedGroup[] | undefined>,
  { from, next }: ArchivedRange,
): Promise<number> {
  const startMs = performance.now()
  const groups = (await load()) ?? []
  const lines = groups.reduce((sum, { count }) => sum + count, 0)
  if (lines !== next - from) throw new Error(`Of ${next - from} lines ${lines} were read back.`)
  return performance.now() - startMs
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function makeChunks(files: number, random: SeededRandom): readonly (readonly PlacedGroup[])[] {
  let pos = 0
  return Array.from({ length: files }, () => {
    const groups: PlacedGroup[] = []
    for (let size = 0; size < limits.archiveChunkBytes; pos += linesPerBatch) {
      const text = Array.from({ length: linesPerBatch }, (_, at) => lineOf(pos + at, random))
      const bytes = new TextEncoder().encode(text.join(''))
      const time = firstMs + pos * 10
      groups.push({
        pos,
        task: 0,
        channel: 'out',
        time,
        count: linesPerBatch,
        bytes,
        end: 'newline',
      })
      size += bytes.length
    }
    return groups
  })
}

const firstMs = Date.parse('2026-01-01T00:00:00Z')
const paths = ['/api/v1/orders', '/api/v1/users', '/healthz', '/static/app.js', '/login'] as const

/** About 130 bytes; addresses, ids and times differ from line to line, as they do in a log. */
function lineOf(at: number, random: SeededRandom): string {
  const pick = (below: number): number => random.between(0, below)
  const address = `10.${pick(8)}.${pick(255)}.${pick(255)}`
  const time = new Date(firstMs + at * 10).toISOString()
  const id = [pick(2 ** 32), pick(2 ** 32)].map((part) => part.toString(16).padStart(8, '0'))
  const status = pick(100) < 3 ? 500 : 200
  const path = random.pick(paths)
  return `${time} ${address} "GET ${path}/${pick(100_000)} HTTP/1.1" ${status} ${pick(20_000)} ${pick(900)}ms id=${id.join('')}\n`
}
