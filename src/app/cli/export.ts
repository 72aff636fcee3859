/** `farglass export RUN`: what is stored of a run, as a file or on standard output. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { FarglassApi } from '../../client/api.ts'
import type { Channel } from '../../shared/channel.ts'
import { AppError } from '../../shared/errors.ts'
import { exportLine, type LineFormat } from '../../shared/export-line.ts'
import { limits } from '../../shared/limits.ts'
import type { WireLine } from '../../shared/protocol/events.ts'
import type { Run } from '../../shared/run.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { matchingLines } from './matching-lines.ts'
import type { Output } from './output.ts'
import { counted, createProgress } from './progress.ts'
import { readingOf } from './removed-lines.ts'
import { runIdOf } from './run-id.ts'
import { searchFieldsOf, searchFlags } from './search-flags.ts'

const formats = ['raw', 'text', 'ndjson', 'run'] as const
type Format = (typeof formats)[number]

export const spec: CommandSpec = {
  name: 'export',
  usage: 'RUN',
  summary: 'write what is stored of a run to a file or to standard output',
  flags: {
    format: {
      value: formats.join('|'),
      help: 'the exact bytes of stdout and stderr (default), "TIME HOST TEXT" lines, JSON lines, or the whole run for "farglass import"',
    },
    json: { value: null, help: 'the same as --format ndjson' },
    gzip: { value: null, help: 'compressed' },
    output: { value: 'FILE', help: 'to this file, which is there only once it is whole' },
    query: { value: 'QUERY', help: 'only lines that have this text (not with raw)' },
    ...searchFlags,
    ...connectionFlags,
  },
  examples: [
    ['farglass export rabc… --output run.log', 'every byte, as it came'],
    ['farglass export rabc… --host web-1 --channel err', 'stderr of one host'],
    [
      'farglass export rabc… --format ndjson --level error --gzip --output e.gz',
      'all errors, for programs',
    ],
  ],
  notes: [
    'Raw takes one --host and one --channel at most; all other conditions need text or ndjson, which hold the notes of Farglass too.',
    'Of a run that goes on, what is stored when the command starts is exported.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const id = runIdOf(spec, line)
  const format = formatOf(line)
  if (format === 'raw') refuseConditions(line, ['host', 'channel'])
  if (format === 'run') refuseConditions(line, [])
  await using connection = await connect(line)
  const { api } = connection
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  const known = await api.get(id)
  const lines = (): AsyncIterable<Uint8Array | string> => {
    if (format === 'run') return connection.files.write(id)
    if (format === 'raw') return rawParts(api, known, rawPart(known, line))
    return lineParts(api, known, { line, format, signal: leave.signal })
  }
  await using progress = createProgress(context.output)
  const read = readingOf<Uint8Array | string>(lines(), known, { api, say: context.say })
  const parts = counted(read, progress, 'exporting')
  const file = line.value('output')
  const signal = AbortSignal.any([leave.signal, context.output.closed])
  try {
    if (file === undefined) await writeTo(outputSink(context.output), { parts, line, signal })
    else await writeFileWhole(file, { parts, line, signal })
  } catch (thrown) {
    if (leave.signal.aborted) return exitStatus.interrupted
    if (context.output.closed.aborted) return exitStatus.brokenPipe
    throw thrown
  }
  return exitStatus.ok
}

function formatOf(line: CommandLine): Format {
  const text = line.value('format') ?? (line.has('json') ? 'ndjson' : 'raw')
  const format = formats.find((each) => each === text)
  if (format === undefined)
    throw usage(spec, `--format: "${text}" is not one of ${formats.join(', ')}`)
  if (line.has('json') && format !== 'ndjson')
    throw usage(spec, `--json and --format ${format} exclude each other`)
  return format
}

function refuseConditions(line: CommandLine, taken: readonly string[]): void {
  const others = ['query', ...Object.keys(searchFlags)].filter((flag) => !taken.includes(flag))
  const found = others.find((flag) => line.has(flag))
  if (found !== undefined) throw usage(spec, `--${found} goes with --format text or ndjson only`)
}

interface RawPart {
  readonly task?: number
  readonly channel?: Channel
}

function rawPart(known: Run, line: CommandLine): RawPart {
  const [host, other] = line.values('host')
  if (other !== undefined) throw usage(spec, 'raw takes one --host')
  const channel = line.value('channel')
  if (channel !== undefined && channel !== 'out' && channel !== 'err' && channel !== 'note') {
    throw usage(spec, `--channel: "${channel}" is not out, err or note`)
  }
  const task = known.tasks.find((each) => each.host === host)
  if (host !== undefined && task === undefined)
    throw usage(spec, `run ${known.id} has no host "${host}"`)
  return {
    ...(task === undefined ? {} : { task: task.id }),
    ...(channel === undefined ? {} : { channel }),
  }
}

/** In steps of some megabytes, so that no run is too large for the memory. */
async function* rawParts(api: FarglassApi, known: Run, part: RawPart): AsyncGenerator<Uint8Array> {
  const bytes = known.tasks.reduce((sum, task) => sum + task.outBytes + task.errBytes, 0)
  const perLine = Math.max(1, bytes / Math.max(1, known.next - known.first))
  const step = Math.max(1, Math.floor((4 * limits.pageBytesMax) / perLine))
  for (let from = known.first; from < known.next; from += step) {
    yield await api.bytes(known.id, { ...part, from, to: Math.min(known.next, from + step) })
  }
}

interface Lines {
  readonly line: CommandLine
  readonly format: LineFormat
  readonly signal: AbortSignal
}

async function* lineParts(
  api: FarglassApi,
  known: Run,
  { line, format, signal }: Lines,
): AsyncGenerator<string> {
  const filter = { ...searchFieldsOf(spec, line, line.value('query')), to: String(known.next) }
  const hosts = new Map(known.tasks.map(({ id, host }) => [id, host]))
  const write = (each: WireLine): string => exportLine(each, hosts.get(each.task) ?? '', format)
  const wanted = { run: known.id, filter, from: known.first, signal }
  for await (const lines of matchingLines(api, wanted)) yield lines.map(write).join('')
}

interface Writing {
  readonly parts: AsyncIterable<Uint8Array | string>
  readonly line: CommandLine
  readonly signal: AbortSignal
}

type Sink = NodeJS.WritableStream | ((chunks: AsyncIterable<Uint8Array>) => Promise<void>)

async function writeTo(sink: Sink, { parts, line, signal }: Writing): Promise<void> {
  const source = Readable.from(parts, { objectMode: false })
  const pack = line.has('gzip') ? createGzip() : new PassThrough()
  await pipeline(source, pack, sink, { signal })
}

/** Waits for the reader of the output, as every command does. */
function outputSink(output: Output): Sink {
  return async (chunks) => {
    for await (const chunk of chunks) await output.write('out', chunk)
  }
}

/** Under another name until it is whole: a file that is there has everything. */
async function writeFileWhole(file: string, writing: Writing): Promise<void> {
  const part = `${file}.part`
  try {
    await writeTo(createWriteStream(part), writing)
    await rename(part, file)
  } catch (thrown) {
    await rm(part, { force: true })
    if (thrown instanceof AppError || writing.signal.aborted) throw thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new AppError('bad-request', `${file} cannot be written: ${why}.`, {
      cause: thrown,
      hint: 'Make room there, or give another file.',
    })
  }
}
