/** `farglass runs`: the runs that are kept, the newest first. */
import { displayText } from '../../shared/display.ts'
import { formatDuration } from '../../shared/duration.ts'
import { limits } from '../../shared/limits.ts'
import type { Run, RunState } from '../../shared/run.ts'
import { sourceText } from '../../shared/source.ts'
import {
  type CommandLine,
  type CommandSpec,
  noWords,
  parseCommandLine,
  usage,
} from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import type { CliContext } from './context.ts'
import { exitStatus } from './exit-status.ts'

const states: readonly RunState[] = ['queued', 'running', 'stopping', 'ended']

export const spec: CommandSpec = {
  name: 'runs',
  usage: '',
  summary: 'list the runs that are kept, the newest first',
  flags: {
    state: { value: states.join('|'), help: 'only those in this state' },
    limit: { value: 'N', help: `at most so many (default 20, up to ${limits.runsPageMax})` },
    json: { value: null, help: 'one JSON object per run' },
    ...connectionFlags,
  },
  examples: [
    ['farglass runs', 'the last 20'],
    ['farglass runs --state running --json', 'what runs now, for programs'],
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  noWords(spec, line)
  const state = stateOf(line)
  const limit = limitOf(line)
  await using connection = await connect(line)
  const runs = await connection.api.list({ limit, ...(state === undefined ? {} : { state }) })
  const text = line.has('json')
    ? runs.map((each) => `${JSON.stringify(each)}\n`).join('')
    : tableOf(runs)
  await context.output.write('out', text)
  if (runs.length === 0 && !line.has('json')) await context.say('there are no runs yet.')
  return exitStatus.ok
}

function stateOf(line: CommandLine): RunState | undefined {
  const text = line.value('state')
  if (text === undefined) return undefined
  const state = states.find((each) => each === text)
  if (state === undefined)
    throw usage(spec, `--state: "${text}" is not one of ${states.join(', ')}`)
  return state
}

function limitOf(line: CommandLine): number {
  const text = line.value('limit') ?? '20'
  const limit = Number(text)
  if (/^[0-9]{1,4}$/.test(text) && limit >= 1 && limit <= limits.runsPageMax) return limit
  throw usage(spec, `--limit: "${text}" is not a number from 1 to ${limits.runsPageMax}`)
}

const columns = ['RUN', 'STATE', 'LINES', 'STARTED', 'TOOK', 'TARGET', 'COMMAND'] as const

function tableOf(runs: readonly Run[]): string {
  if (runs.length === 0) return ''
  const rows = [columns, ...runs.map(rowOf)]
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function rowOf(run: Run): readonly string[] {
  const took =
    run.endedAt === null ? '' : formatDuration(Date.parse(run.endedAt) - Date.parse(run.createdAt))
  return [
    run.id,
    run.outcome ?? (run.paused === null ? run.state : 'paused'),
    linesOf(run),
    `${run.createdAt.slice(0, 10)} ${run.createdAt.slice(11, 19)}`,
    took,
    shorten(displayText(run.target), 30),
    shorten(displayText(sourceText(run.source)), 60),
  ]
}

function linesOf({ lines, gaps }: Run): string {
  const count = lines.toLocaleString('en')
  return gaps > 0 ? `${count} (${gaps} ${gaps === 1 ? 'gap' : 'gaps'})` : count
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
