/** `farglass run TARGET -- COMMAND…`: runs a command on hosts and prints its lines as they come. */
import { limits } from '../../shared/limits.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { StartRequest } from '../../shared/protocol/start-run.ts'
import { type Mode, modeNames } from '../../shared/run.ts'
import { parseTarget } from '../../shared/target.ts'
import { carryRun } from './carry-run.ts'
import {
  type CommandLine,
  type CommandSpec,
  oneWord,
  parseCommandLine,
  usage,
} from './command-line.ts'
import { printingFlags, startingFlags } from './common-flags.ts'
import { confirmed, confirmFlags } from './confirmed.ts'
import { type Connection, connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { detach } from './detach.ts'
import { dryRun, targetFlags } from './dry-run.ts'
import { exitStatus } from './exit-status.ts'
import { groupedBy, groupingFlags } from './grouping-flags.ts'
import { planFields, planFlags } from './plan-flags.ts'
import { savedFlags } from './saved-flags.ts'
import { secretFields, secretFlags, sudoFlags, sudoPasswordOf } from './secret-flags.ts'

export const spec: CommandSpec = {
  name: 'run',
  usage: 'TARGET -- COMMAND… | [TARGET] --saved SAVED [-- PARAMETER=VALUE…]',
  summary: 'run a command on hosts and print its lines as they come',
  flags: {
    mode: {
      value: 'durable|plain|pty',
      help: 'durable (default) outlives connection and server; plain and pty (a terminal) end with it',
    },
    merged: { value: null, help: 'join stdout and stderr on the host, in exact order' },
    ...planFlags,
    ...secretFlags,
    ...sudoFlags,
    ...savedFlags,
    ...confirmFlags,
    ...targetFlags,
    ...startingFlags,
    ...printingFlags,
    ...groupingFlags,
    ...connectionFlags,
  },
  examples: [
    ['farglass run web-1 -- uptime', 'on one host: output as by ssh'],
    ["farglass run web-1,web-2 -- 'tail -n 5 /var/log/syslog'", 'on two: "host │ text"'],
    ["farglass run '@web!web-2' --group -- uname -r", 'what is alike once: "web-[1,3] (2)"'],
    ["farglass run '@web' --group --mask numbers -- df -h", 'the same, whatever the numbers are'],
    ["farglass run '@web!web-2' --dry-run -- uname -r", 'which hosts that are; starts nothing'],
    [
      `farglass run web-1 --secret API_TOKEN -- 'curl -H "Authorization: Bearer $API_TOKEN" localhost'`,
      'with a secret, which is asked, and hidden in the output',
    ],
    ['farglass run deploy@10.0.0.7:2222 --json -- df -h', 'lines for programs'],
    [
      'farglass run web-1 --detach -- ./backup.sh',
      'leave it running; "farglass attach ID" reads on',
    ],
    ['farglass run @web --saved restart-app -- name=api', 'a saved command with its parameters'],
    [
      'farglass run web-1,web-2,web-3 --batch 1 --max-failures 0 -- ./restart.sh',
      'one after the other, and no further one after a failure',
    ],
    ['farglass run web-1 --mode pty -- htop -C', 'for a program that wants a terminal'],
  ],
  notes: [
    "Exit status: the command's own for one host, the worst for several; 255 when a connection fails or is lost; 124 when --timeout or --task-timeout has stopped anything; 130 after Ctrl-C; 2 when this command line is wrong.",
    'Nothing that you type reaches the command in this version: its input is empty, and with --mode pty a prompt waits until the run is stopped.',
    'A durable command goes on when the connection breaks, and when Farglass ends: its output waits on the host. "farglass attach ID" reads on where it was left, "farglass stop ID" ends it, and so does the page of "farglass serve" on the same data directory. A host that cannot hold a durable run runs it plain, and a note says why.',
    'Without a server, --detach waits until the command was started on every host, prints the id and ends: 0 when it was left everywhere, else 255.',
    'With --group nothing but notes is printed before the run has ended. Hosts whose stdout, stderr and exit status are the same stand together, colours aside; those that differ come first, what most have printed last. A host with more than 10,000 lines is printed by itself. With --mask those stand together whose lines differ only in what it names; printed are the lines of one of them, which the head names. With --json each group is one object.',
    'With several hosts of which not all succeed, the last line tells how many did: "7 ok · 1 failed". Hosts that --max-failures keeps from being started count as failed with status 1.',
    '--timeout counts from when the run is made, --task-timeout from when the command has started on a host. The server watches both, so they hold with --detach too; without a server --detach refuses them.',
    'Ctrl-C stops the run on its hosts and waits for the proof; a second Ctrl-C leaves at once, and what has not ended by then can be found by the id.',
    'Into a pipe or file goes the output of one host byte by byte. With several hosts, with --json and on a terminal it is text: invalid UTF-8 shows as U+FFFD, and a CR before a newline is dropped.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  if (line.has('dry-run')) return tryOut(line, context)
  const own = line.has('saved') ? undefined : requestOf(line)
  const grouped = groupedBy(spec, line)
  const sudoPassword = sudoPasswordOf(line)
  await using connection = await connect(line)
  const { api } = connection
  const asked = own ?? (await savedStart(line, connection))
  const request = { ...asked, ...(await secretFields(spec, line)) }
  const start = () => confirmed(line, (fields) => api.start({ ...request, ...fields }))
  if (line.has('detach')) {
    return await detach({ context, line, connection, how: request, start, sudoPassword })
  }
  const started = await start()
  return await carryRun({ context, line, connection, started, grouped, sudoPassword })
}

/** A command may be there, and is not looked at. */
async function tryOut(line: CommandLine, context: CliContext): Promise<number> {
  await using connection = await connect(line)
  const { api, commands } = connection
  const [word] = line.words
  const name = line.value('saved')
  const usual = word === undefined && name !== undefined ? await commands.get(name) : undefined
  const target = usual?.target ?? oneWord(spec, line, 'a TARGET')
  parseTarget(target)
  await dryRun(target, { line, api, context })
  return exitStatus.ok
}

async function savedStart(line: CommandLine, { commands }: Connection): Promise<StartRequest> {
  const name = line.value('saved') ?? ''
  const [command, { savedRequest }] = await Promise.all([
    commands.get(name),
    import('./saved-request.ts'),
  ])
  return savedRequest({ spec, line, command }, fieldsOf(line))
}

function requestOf(line: CommandLine): RunRequest {
  const target = oneWord(spec, line, 'a TARGET and, after "--", a COMMAND')
  const command = line.rest?.join(' ') ?? ''
  if (command.trim() === '') {
    throw usage(spec, `The command for ${target} is missing: write it after "--"`)
  }
  if (Buffer.byteLength(command) > limits.commandBytesMax) {
    throw usage(
      spec,
      `The command is longer than ${limits.commandBytesMax} bytes: put it into a file on the host`,
    )
  }
  parseTarget(target)
  return { target, source: { kind: 'command', command }, ...fieldsOf(line) }
}

/** How it runs, whatever it is. */
function fieldsOf(line: CommandLine): Omit<RunRequest, 'target' | 'source'> {
  const mode = line.value('mode')
  return {
    ...(mode === undefined ? {} : { mode: parseMode(mode) }),
    ...(line.has('merged') ? { merged: true } : {}),
    ...(line.has('sudo') ? { sudo: true } : {}),
    ...planFields(spec, line),
  }
}

function parseMode(text: string): Mode {
  const mode = modeNames.find((name) => name === text)
  if (mode !== undefined) return mode
  throw usage(spec, `--mode: "${text}" is not "durable", "plain" or "pty"`)
}
