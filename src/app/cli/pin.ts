/** `farglass pin RUN…`: retention leaves these runs as they are. */
import { type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { idIn } from './run-id.ts'

export const spec: CommandSpec = {
  name: 'pin',
  usage: 'RUN…',
  summary: 'keep runs whatever retention says, or let go of them',
  flags: {
    off: { value: null, help: 'let go of them: retention treats them as any other' },
    json: { value: null, help: 'one JSON object per run' },
    ...connectionFlags,
  },
  examples: [
    ['farglass pin rabc…', 'its lines are kept for good'],
    ['farglass pin --off rabc…', 'and no longer'],
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const ids = [...line.words, ...(line.rest ?? [])].map((word) => idIn(spec, word))
  if (ids.length === 0) throw usage(spec, '"farglass pin" needs the id of a RUN')
  const isPinned = !line.has('off')
  await using connection = await connect(line)
  for (const id of ids) {
    const kept = await connection.api.pin(id, isPinned)
    if (line.has('json')) await context.output.write('out', `${JSON.stringify(kept)}\n`)
    else await context.say(`run ${id} is ${isPinned ? 'pinned' : 'not pinned any more'}.`)
  }
  return exitStatus.ok
}
