/** `farglass stop RUN`: ends a run on its hosts and waits for the proof that nothing is left. */
import type { FollowEvent } from '../../client/api.ts'
import type { LinesEvent } from '../../shared/protocol/events.ts'
import type { Run } from '../../shared/run.ts'
import { type CommandSpec, parseCommandLine } from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { runIdOf } from './run-id.ts'
import { terminalText } from './terminal-text.ts'

export const spec: CommandSpec = {
  name: 'stop',
  usage: 'RUN',
  summary: 'end a run on its hosts (TERM, then KILL) and show the proof',
  flags: {
    json: { value: null, help: 'one JSON object per note: {"task", "host", "note"}' },
    ...connectionFlags,
  },
  examples: [['farglass stop rabc…', 'prints per host how many processes are gone']],
  notes: [
    'A host that is away is stopped as soon as it is back: this command waits for that. Left before, a server goes on with it, or the next "farglass stop", "attach" or "serve" on the same data directory. A server that is asked again meanwhile gives the task up.',
    'Exit status: 0 when it is proven that nothing is left on any host, else 1.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const id = runIdOf(spec, line)
  await using connection = await connect(line)
  const { api } = connection
  const before = await api.get(id)
  if (before.state === 'ended') {
    await context.say(`the run has ended already (${before.outcome ?? 'unknown'}).`)
    return exitStatus.ok
  }
  await api.stop(id)
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  const print = line.has('json') ? jsonOf : textOf
  const events = api.follow(id, before.next, leave.signal)
  const isProven = await printProof(events, { before, print, context })
  return isProven ? exitStatus.ok : exitStatus.failed
}

interface Printing {
  readonly before: Run
  readonly print: (note: FoundNote) => string
  readonly context: CliContext
}

/** Resolves with whether it has ended, and nothing is left on any host. */
async function printProof(
  events: AsyncIterable<FollowEvent>,
  { before, print, context }: Printing,
): Promise<boolean> {
  const hosts = new Map(before.tasks.map((task) => [task.id, task.host]))
  let isProven = true
  let hasEnded = false
  for await (const event of events) {
    if (event.kind === 'end') hasEnded = true
    if (event.kind === 'run' && event.run.paused !== null) {
      await context.say(`paused: ${event.run.paused}`)
    }
    if (event.kind !== 'lines') continue
    for (const found of notesOf(event, hosts)) {
      await context.output.write('out', `${print(found)}\n`)
      isProven &&= !isDoubtful(found.note)
    }
  }
  return hasEnded && isProven
}

interface FoundNote {
  readonly task: number
  readonly host: string
  readonly note: string
}

const jsonOf = (found: FoundNote): string => JSON.stringify(found)
const textOf = ({ host, note }: FoundNote): string => terminalText(`${host}: ${note}`)

function notesOf(event: LinesEvent, hosts: ReadonlyMap<number, string>): readonly FoundNote[] {
  return event.groups
    .filter(({ channel }) => channel === 'note')
    .flatMap(({ task, lines }) =>
      lines.map((note) => ({ task, host: hosts.get(task) ?? `task ${task}`, note })),
    )
}

/** With a proof the note is "stopped: …"; without one its sentence goes on differently (docs/protocol.md). */
function isDoubtful(note: string): boolean {
  return note.startsWith('lost') || (note.startsWith('stopped') && !note.startsWith('stopped: '))
}
