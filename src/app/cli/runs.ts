/** `farglass runs`: the runs that are kept, the newest first. */
import { displayText } from '../../shared/display.ts'
import { formatDuration } from '../../shared/duration.ts'
import { limits } from '../../shared/limits.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { RunFilterFields } from '../../shared/protocol/run-list.ts'
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
import { timeOf } from './search-flags.ts'
import { shortTime, timeTitle } from './short-time.ts'
import { headedText } from './table-text.ts'

export const spec: CommandSpec = {
  name: 'runs',
  usage: '',
  summary: 'list the runs that are kept, the newest first',
  flags: {
    text: { value: 'TEXT', help: 'only those with this text in target or command, in any case' },
    host: { value: 'HOST', help: 'only those on this host' },
    saved: { value: 'SAVED', help: 'only those of this saved command' },
    state: { value: 'queued,running,stopping,ended', help: 'only those in one of these states' },
    outcome: { value: 'succeeded,failed,stopped,lost', help: 'only those that ended so' },
    'started-by': {
      value: 'STARTER',
      help: 'only those of: person, schedule, trigger, schedule:NAME or trigger:NAME',
    },
    pinned: { value: null, help: 'only those that are pinned' },
    since: {
      value: 'TIME',
      help: 'started since then: 2026-01-31T12:00:00Z, or 2h for two hours ago',
    },
    until: { value: 'TIME', help: 'started before then' },
    limit: { value: 'N', help: `at most so many (default 20, up to ${limits.runsPageMax})` },
    json: { value: null, help: 'one JSON object per run, with how many tasks became what' },
    tasks: { value: null, help: 'with --json: each run with all of its tasks' },
    ...connectionFlags,
  },
  examples: [
    ['farglass runs', 'the last 20'],
    ['farglass runs --state running --json', 'what runs now, for programs'],
    ['farglass runs --pinned', 'what is kept whatever retention says'],
    ['farglass runs --started-by schedule:nightly', 'what a schedule has started'],
    ['farglass runs --text restart --outcome failed,lost --since 1d', 'what went wrong today'],
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  noWords(spec, line)
  if (line.has('tasks') && !line.has('json')) throw usage(spec, '--tasks belongs to --json')
  const query = { limit: limitOf(line), ...filterOf(line) }
  await using connection = await connect(line)
  const { api } = connection
  if (line.has('json')) {
    const found = await (line.has('tasks') ? api.listWhole(query) : api.list(query))
    await context.output.write('out', found.map((each) => `${JSON.stringify(each)}\n`).join(''))
    return exitStatus.ok
  }
  const runs = await api.list(query)
  await context.output.write('out', tableOf(runs))
  if (runs.length === 0) {
    const isAll = Object.keys(query).length === 1
    await context.say(isAll ? 'there are no runs yet.' : 'no run is like that.')
  }
  return exitStatus.ok
}

function filterOf(line: CommandLine): RunFilterFields {
  const fields: RunFilterFields = {
    q: line.value('text'),
    host: line.value('host'),
    saved: line.value('saved'),
    state: wordsOf(line, 'state', states),
    outcome: wordsOf(line, 'outcome', outcomes),
    startedBy: line.value('started-by'),
    pinned: line.has('pinned') ? 'true' : undefined,
    since: timeOf(spec, line, 'since'),
    until: timeOf(spec, line, 'until'),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

const states = ['queued', 'running', 'stopping', 'ended'] as const
const outcomes = ['succeeded', 'failed', 'stopped', 'lost'] as const

/** Words of a closed list, joined by commas. */
function wordsOf(
  line: CommandLine,
  flag: 'state' | 'outcome',
  known: readonly string[],
): string | undefined {
  const text = line.value(flag)
  const wrong = text?.split(',').find((word) => !known.includes(word))
  if (wrong === undefined) return text
  throw usage(spec, `--${flag}: "${wrong}" is not one of ${known.join(', ')}`)
}

function limitOf(line: CommandLine): number {
  const text = line.value('limit') ?? '20'
  const limit = Number(text)
  if (/^[0-9]{1,4}$/.test(text) && limit >= 1 && limit <= limits.runsPageMax) return limit
  throw usage(spec, `--limit: "${text}" is not a number from 1 to ${limits.runsPageMax}`)
}

interface Column {
  readonly name: string
  readonly of: (run: ListedRun) => string
}

const columns: readonly Column[] = [
  { name: 'RUN', of: ({ id }) => id },
  { name: 'STATE', of: stateOf },
  { name: 'LINES', of: linesOf },
  { name: timeTitle('STARTED'), of: ({ createdAt }) => shortTime(createdAt) },
  { name: 'TOOK', of: tookOf },
  { name: 'BY', of: starterOf },
  { name: 'TARGET', of: ({ target }) => shorten(displayText(target), 30) },
  { name: 'COMMAND', of: ({ source }) => shorten(displayText(sourceText(source)), 60) },
]

function tableOf(runs: readonly ListedRun[]): string {
  // Where people have started all, nothing is said of it.
  return headedText(
    columns.map(({ name }) => name),
    runs.map((run) => columns.map(({ of }) => of(run))),
  )
}

function tookOf({ createdAt, endedAt }: ListedRun): string {
  return endedAt === null ? '' : formatDuration(Date.parse(endedAt) - Date.parse(createdAt))
}

function starterOf({ startedBy }: ListedRun): string {
  return startedBy === undefined ? '' : `${startedBy.kind} ${displayText(startedBy.name)}`
}

function stateOf({ outcome, paused, state, pinned }: ListedRun): string {
  const word = outcome ?? (paused === null ? state : 'paused')
  return pinned ? `${word}, pinned` : word
}

function linesOf({ lines, gaps, removed }: ListedRun): string {
  const count = lines.toLocaleString('en')
  if (removed !== null) return `${count} (removed)`
  return gaps > 0 ? `${count} (${gaps} ${gaps === 1 ? 'gap' : 'gaps'})` : count
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
