/** `farglass import FILE`: brings a run back that was exported whole. */
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { RunFilesApi } from '../../client/run-files-api.ts'
import type { Run } from '../../shared/run.ts'
import type { UsageError } from '../usage-error.ts'
import { type CommandSpec, oneWord, parseCommandLine } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { counted, createProgress } from './progress.ts'
import { unreadableFile } from './read-text.ts'

export const spec: CommandSpec = {
  name: 'import',
  usage: 'FILE',
  summary: 'bring a run back that was exported with --format run',
  flags: { json: { value: null, help: 'the run as JSON' }, ...connectionFlags },
  examples: [
    ['farglass export rabc… --format run --gzip --output rabc.gz', 'on one machine'],
    ['farglass import rabc.gz', 'on another one: same id, lines, positions and times'],
  ],
  notes: [
    'A file may be compressed; "-" reads standard input. The run is pinned: let go of it with "farglass pin --off".',
    'A file that is cut off or changed is refused, with the number of the line that is wrong, and nothing of it stays.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const file = oneWord(spec, line, 'a FILE')
  const pieces = await opened(file)
  await using connection = await connect(line)
  await using progress = createProgress(context.output)
  const imported = await sent(connection.files, file, counted(pieces, progress, 'importing'))
  await progress.clear()
  if (line.has('json')) await context.output.write('out', `${JSON.stringify(imported)}\n`)
  else {
    const { id, lines } = imported
    const count = lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`
    await context.say(`run ${id} is back, with ${count}, and pinned.`)
  }
  return exitStatus.ok
}

/** Brings it back. A file that breaks off on the way is told as such, not as a server that does not answer. */
async function sent(
  files: RunFilesApi,
  file: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Run> {
  let broken: UsageError | undefined
  const watched = async function* () {
    try {
      yield* pieces
    } catch (thrown) {
      broken = unreadableFile(file, thrown)
      throw broken
    }
  }
  try {
    return await files.read(watched())
  } catch (thrown) {
    throw broken ?? thrown
  }
}

/** Its bytes, unpacked. Rejects before anything is sent when it cannot be read at all. */
async function opened(file: string): Promise<AsyncIterable<Uint8Array>> {
  const source: Readable = file === '-' ? process.stdin : createReadStream(file)
  const pieces: AsyncIterator<Uint8Array> = source[Symbol.asyncIterator]()
  const first = await pieces.next().catch((thrown: unknown) => {
    throw unreadableFile(file, thrown)
  })
  const whole = Readable.from(rejoined(first, pieces))
  const isPacked = first.done !== true && first.value[0] === 0x1f && first.value[1] === 0x8b
  return isPacked ? pipeline(whole, createGunzip(), () => {}) : whole
}

async function* rejoined(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value
}
