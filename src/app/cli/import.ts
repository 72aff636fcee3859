/** `farglass import FILE`: brings a run back that was exported whole. */
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import { type CommandSpec, oneWord, parseCommandLine } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

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
  await using connection = await connect(line)
  const imported = await connection.files.read(unpacked(file))
  if (line.has('json')) await context.output.write('out', `${JSON.stringify(imported)}\n`)
  else {
    const { id, lines } = imported
    const count = lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`
    await context.say(`run ${id} is back, with ${count}, and pinned.`)
  }
  return exitStatus.ok
}

async function* unpacked(file: string): AsyncGenerator<Uint8Array> {
  const source: Readable = file === '-' ? process.stdin : createReadStream(file)
  try {
    const pieces = source[Symbol.asyncIterator]()
    const first = await pieces.next()
    if (first.done === true) return
    // What a stream without an encoding gives.
    const head = first.value as Uint8Array
    const isPacked = head[0] === 0x1f && head[1] === 0x8b
    const whole = Readable.from(rejoined(head, pieces))
    yield* isPacked ? pipeline(whole, createGunzip(), () => {}) : whole
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new AppError('bad-request', `${file} cannot be read: ${why}.`, {
      cause: thrown,
      hint: 'Give a file that "farglass export --format run" has written.',
    })
  }
}

async function* rejoined(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}
