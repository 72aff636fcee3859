/** `farglass attach RUN`: the history of a run, then its lines as they come. */
import type { FarglassApi } from '../../client/api.ts'
import type { RunId } from '../../shared/run.ts'
import { type CommandLine, type CommandSpec, parseCommandLine, usage } from './command-line.ts'
import { printingFlags } from './common-flags.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus, exitStatusOf } from './exit-status.ts'
import { groupedBy, groupingFlags } from './grouping-flags.ts'
import { createLinePrinter } from './line-printer.ts'
import { printGroups } from './print-groups.ts'
import { runIdOf } from './run-id.ts'
import { createRunProgress } from './run-progress.ts'
import { watchRun } from './watch.ts'

export const spec: CommandSpec = {
  name: 'attach',
  usage: 'RUN',
  summary: 'print the history of a run, then its lines as they come',
  flags: {
    from: { value: 'POS', help: 'start at this position instead of at the first line' },
    last: { value: 'N', help: 'start N lines before the end of what there is' },
    ...printingFlags,
    ...groupingFlags,
    ...connectionFlags,
  },
  examples: [
    ['farglass attach rabc…', 'everything, then live'],
    ['farglass attach rabc… --group', 'what several hosts have printed alike, once'],
    ['farglass attach rabc… --last 100 --json', 'from 100 lines before the end, for programs'],
  ],
  notes: [
    'Without a server this command itself reads a durable run on that was left on its hosts, and stores its lines, for as long as it is attached.',
    'Exit status: as "farglass run" for the same run. Ctrl-C (130) only stops watching; the run goes on.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  const id = runIdOf(spec, line)
  const start = startOf(line)
  const grouped = groupedBy(spec, line)
  await using connection = await connect(line)
  const { api } = connection
  const leave = new AbortController()
  let status: number = exitStatus.ok
  using _interrupt = onStopSignal((signal) => {
    status = signal === 'SIGINT' ? exitStatus.interrupted : exitStatus.terminated
    leave.abort()
  })
  await using progress = grouped === null ? null : createRunProgress(context)
  const { output } = progress?.context ?? context
  const printer = createLinePrinter({
    output,
    json: line.has('json') && grouped === null,
    raw: line.has('raw'),
    bytes: connection.bytesOf(id),
    notesOnly: grouped !== null,
  })
  const from = await positionOf(api, id, start)
  const ended = await watchRun({
    context,
    api,
    id,
    from,
    printer,
    progress,
    signal: leave.signal,
  })
  if (ended === undefined) return status
  if (grouped !== null) await printGroups({ api, run: ended, output, how: grouped })
  return exitStatusOf(ended)
}

type Start = { readonly from: number } | { readonly last: number }

function startOf(line: CommandLine): Start {
  if (line.has('from') && line.has('last'))
    throw usage(spec, '--from and --last exclude each other')
  const last = line.value('last')
  if (last !== undefined) return { last: wholeNumber('last', last) }
  return { from: wholeNumber('from', line.value('from') ?? '0') }
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text)
  if (/^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  throw usage(spec, `--${flag}: "${text}" is not a whole number from 0 up`)
}

async function positionOf(api: FarglassApi, id: RunId, start: Start): Promise<number> {
  const known = await api.get(id)
  return 'from' in start ? start.from : Math.max(known.first, known.next - start.last)
}
