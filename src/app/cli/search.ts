/** `farglass search QUERY`: lines that match, in one run or in all that are kept. */
import type { FarglassApi, LineFilter } from '../../client/api.ts'
import { eachRun, searchWholeRun, taskHosts } from '../../client/whole-search.ts'
import { displayText } from '../../shared/display.ts'
import { limits } from '../../shared/limits.ts'
import { type ListedRun, listedRun } from '../../shared/listed-run.ts'
import type { WireLine } from '../../shared/protocol/events.ts'
import {
  type CommandLine,
  type CommandSpec,
  oneWord,
  parseCommandLine,
  usage,
} from './command-line.ts'
import { connect, connectionFlags } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { matchingLines } from './matching-lines.ts'
import { createProgress, type Progress } from './progress.ts'
import { idIn } from './run-id.ts'
import { searchFieldsOf, searchFlags } from './search-flags.ts'
import { shortMinute } from './short-time.ts'
import { terminalText } from './terminal-text.ts'

export const spec: CommandSpec = {
  name: 'search',
  usage: 'QUERY',
  summary: 'print the lines that have a text, in one run or in all that are kept',
  flags: {
    run: { value: 'RUN', help: 'in this run only' },
    ...searchFlags,
    count: { value: null, help: 'print how many lines match, run by run' },
    limit: { value: 'N', help: 'stop after so many lines' },
    json: { value: null, help: 'one JSON object per line' },
    ...connectionFlags,
  },
  examples: [
    ['farglass search "connection reset"', 'in all runs, the newest first'],
    [
      'farglass search --run rabc… --regex "took \\d{4,}ms" --host web-1',
      'in one run, of one host',
    ],
    ['farglass search "" --level error --since 1h', 'all errors of the last hour'],
  ],
  notes: [
    'A line is printed as "RUN:POS host │ text"; without RUN when one is named.',
    'Exit status: 0 when a line was found, 1 when none was (or it failed, with a sentence), 2 when the command line is wrong.',
  ],
}

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const line = parseCommandLine(spec, args)
  if (line.rest !== undefined) throw usage(spec, '"farglass search" takes no command')
  const looksEmpty = line.words.length === 1 && line.words[0] === ''
  const filter = searchFieldsOf(spec, line, looksEmpty ? undefined : oneWord(spec, line, 'a QUERY'))
  const search: Searching = {
    filter,
    json: line.has('json'),
    named: line.value('run') === undefined ? undefined : idIn(spec, line.value('run') ?? ''),
    limit: limitOf(line),
  }
  await using connection = await connect(line)
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  await using progress = createProgress(context.output)
  const doing = { context, progress, signal: leave.signal }
  const found = line.has('count')
    ? await countAll(connection.api, search, doing)
    : await printAll(connection.api, search, doing)
  if (leave.signal.aborted) return exitStatus.interrupted
  return found > 0 ? exitStatus.ok : exitStatus.failed
}

interface Searching {
  readonly filter: LineFilter
  readonly json: boolean
  /** The one run that is searched. */
  readonly named: string | undefined
  readonly limit: number
}

interface Doing {
  readonly context: CliContext
  readonly progress: Progress
  readonly signal: AbortSignal
}

function limitOf(line: CommandLine): number {
  const text = line.value('limit')
  if (text === undefined) return Number.MAX_SAFE_INTEGER
  if (/^[0-9]{1,9}$/.test(text) && Number(text) >= 1) return Number(text)
  throw usage(spec, `--limit: "${text}" is not a number from 1 up`)
}

/** The run that is named, else all, the newest first. */
async function* runsOf(api: FarglassApi, named: string | undefined): AsyncGenerator<ListedRun> {
  if (named !== undefined) return yield listedRun(await api.get(named))
  yield* eachRun(api, { limit: limits.runsPageMax })
}

async function printAll(
  api: FarglassApi,
  { filter, json, named, limit }: Searching,
  { context, progress, signal }: Doing,
): Promise<number> {
  const { output } = context
  let count = 0
  let runs = 0
  for await (const each of runsOf(api, named)) {
    await progress.show(placeText(each, (runs += 1)))
    let print: ((line: WireLine) => string) | undefined
    for await (const lines of matchingLines(api, { run: each.id, filter, from: 0, signal })) {
      const shown = lines.slice(0, limit - count)
      print ??= printer(each, await taskHosts(api, each), {
        json,
        isNamed: named !== undefined,
        isTerminal: output.isTerminal('out'),
      })
      count += shown.length
      await progress.clear()
      await output.write('out', shown.map(print).join(''))
      if (count >= limit || output.closed.aborted) return count
    }
    if (signal.aborted) return count
  }
  return count
}

/** Runs are searched from the newest back. */
function placeText({ createdAt }: ListedRun, runs: number): string {
  return `searching: run ${runs}, of ${shortMinute(createdAt)}`
}

interface Printing {
  readonly json: boolean
  readonly isNamed: boolean
  readonly isTerminal: boolean
}

function printer(
  run: ListedRun,
  hosts: ReadonlyMap<number, string>,
  { json, isNamed, isTerminal }: Printing,
): (line: WireLine) => string {
  return (line) => {
    const host = hosts.get(line.task) ?? ''
    if (json) return `${JSON.stringify({ run: run.id, host, ...line })}\n`
    const place = isNamed ? `${line.pos}` : `${run.id}:${line.pos}`
    const text = isTerminal ? terminalText(line.text) : line.text
    return `${place} ${displayText(host)} │ ${text}\n`
  }
}

async function countAll(
  api: FarglassApi,
  { filter, json, named }: Searching,
  { context, progress, signal }: Doing,
): Promise<number> {
  let sum = 0
  let runs = 0
  for await (const run of runsOf(api, named)) {
    const { id } = run
    await progress.show(placeText(run, (runs += 1)))
    const count = await countIn(api, { id, filter, signal })
    sum += count
    if (count === 0 && named === undefined) continue
    const text = json
      ? JSON.stringify({ run: id, count })
      : `${named === undefined ? `${id}:` : ''}${count}`
    await progress.clear()
    await context.output.write('out', `${text}\n`)
    if (signal.aborted || context.output.closed.aborted) break
  }
  return sum
}

interface Counting {
  readonly id: string
  readonly filter: LineFilter
  readonly signal: AbortSignal
}

async function countIn(api: FarglassApi, { id, filter, signal }: Counting): Promise<number> {
  let count = 0
  const spans = searchWholeRun(api, { run: id, filter, limit: 0, signal })
  for await (const span of spans) count += span.count
  return count
}
