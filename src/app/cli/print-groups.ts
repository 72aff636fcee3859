/** `--group`: output that several hosts have printed alike, once, under the set of these hosts. */
import type { FarglassApi } from '../../client/api.ts'
import type { SourceChannel } from '../../shared/channel.ts'
import { endRemark, groupHeader } from '../../shared/group-text.ts'
import { limits } from '../../shared/limits.ts'
import type { TaskGroup } from '../../shared/protocol/groups.ts'
import type { Run } from '../../shared/run.ts'
import { type CommandLine, type CommandSpec, type FlagSpec, usage } from './command-line.ts'
import { matchingLines } from './matching-lines.ts'
import type { Output } from './output.ts'
import { terminalText } from './terminal-text.ts'

/** Of every command that prints the lines of a run to its end. */
export const groupingFlags: Readonly<Record<string, FlagSpec>> = {
  group: {
    value: null,
    help: 'print at the end, once, what several hosts have printed alike (as "clush -b")',
  },
}

/** Whether output is to be grouped. Throws a UsageError for what cannot go with it. */
export function isGrouped(spec: CommandSpec, line: CommandLine): boolean {
  if (!line.has('group')) return false
  const other = ['json', 'detach', 'from', 'last'].find((flag) => line.has(flag))
  if (other !== undefined) throw usage(spec, `--group and --${other} exclude each other`)
  return true
}

export interface GroupsPrinting {
  readonly api: FarglassApi
  /** One that has ended, or that was left. */
  readonly run: Run
  readonly output: Output
  /** Send a terminal the texts as they are. */
  readonly raw: boolean
}

/** Odd ones first, what most hosts have printed last. Stops when nobody reads the output any more. */
export async function printGroups(printing: GroupsPrinting): Promise<void> {
  const { api, run } = printing
  const { groups, tooLong } = await api.groups(run.id)
  for (const batch of batchesOf(groups, run)) {
    const printed = await linesOf(printing, batch)
    for (const group of batch) await printGroup(printing, group, printed.get(firstOf(group)))
  }
  if (tooLong.length > 0) await printUngrouped(printing, tooLong)
}

/** Texts of one task. */
type Printed = Readonly<Record<SourceChannel, string[]>>

/** As many groups at once as fit into the memory: for each of these the run is read once. */
function batchesOf(groups: readonly TaskGroup[], run: Run): TaskGroup[][] {
  const batches: TaskGroup[][] = []
  let room = 0
  for (const group of groups) {
    const task = run.tasks.find(({ id }) => id === firstOf(group))
    const bytes = (task?.outBytes ?? 0) + (task?.errBytes ?? 0)
    if (bytes > room || batches.length === 0) {
      batches.push([])
      room = limits.groupedTextBytesMax
    }
    batches.at(-1)?.push(group)
    room -= bytes
  }
  return batches
}

/** What the first task of each group has printed. */
async function linesOf(
  printing: GroupsPrinting,
  batch: readonly TaskGroup[],
): Promise<ReadonlyMap<number, Printed>> {
  const wanted = batch.filter(({ lines }) => lines.out + lines.err > 0).map(firstOf)
  const printed = new Map(wanted.map((task): [number, Printed] => [task, { out: [], err: [] }]))
  if (wanted.length === 0) return printed
  for await (const { task, channel, text } of sourceLines(printing, wanted)) {
    if (channel !== 'note') printed.get(task)?.[channel].push(text)
  }
  return printed
}

async function* sourceLines({ api, run, output }: GroupsPrinting, tasks: readonly number[]) {
  const filter = { task: tasks.join(','), channel: 'out,err' }
  const wanted = { run: run.id, filter, from: run.first, signal: output.closed }
  for await (const lines of matchingLines(api, wanted)) yield* lines
}

async function printGroup(
  { run, output, raw }: GroupsPrinting,
  group: TaskGroup,
  printed: Printed | undefined,
): Promise<void> {
  const end = [endRemark(group.ended), printed === undefined ? 'no output' : '']
  await output.write('out', groupHeader(namesOf(run, group.tasks), end))
  for (const channel of ['out', 'err'] as const) {
    const shown = output.isTerminal(channel) && !raw ? terminalText : String
    for (const text of printed?.[channel] ?? []) await output.write(channel, `${shown(text)}\n`)
  }
}

/** As they came, with the host before each line. */
async function printUngrouped(printing: GroupsPrinting, tasks: readonly number[]): Promise<void> {
  const { run, output, raw } = printing
  await output.write('out', groupHeader(namesOf(run, tasks), ['too long to group']))
  const hosts = new Map(run.tasks.map(({ id, host }) => [id, host]))
  const width = Math.max(...tasks.map((task) => hosts.get(task)?.length ?? 0))
  for await (const { task, channel, text } of sourceLines(printing, tasks)) {
    const target = channel === 'out' ? 'out' : 'err'
    const shown = output.isTerminal(target) && !raw ? terminalText(text) : text
    await output.write(target, `${(hosts.get(task) ?? '').padEnd(width)} │ ${shown}\n`)
  }
}

function namesOf(run: Run, tasks: readonly number[]): string[] {
  return run.tasks.filter(({ id }) => tasks.includes(id)).map(({ host }) => host)
}

function firstOf({ tasks }: TaskGroup): number {
  return tasks[0] ?? 0
}
