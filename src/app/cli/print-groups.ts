/** `--group`: output that several hosts have printed alike, once, under the set of these hosts. */
import type { FarglassApi } from '../../client/api.ts'
import type { SourceChannel } from '../../shared/channel.ts'
import { displayText } from '../../shared/display.ts'
import { comparedText, endRemark, groupHeader } from '../../shared/group-text.ts'
import { foldHosts } from '../../shared/host-set.ts'
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
  diff: {
    value: null,
    help: 'with --group: of hosts that differ, what differs from the output of most',
  },
}

/** Whether output is to be grouped. Throws a UsageError for what cannot go with it. */
export function isGrouped(spec: CommandSpec, line: CommandLine): boolean {
  if (!line.has('group')) {
    if (line.has('diff')) throw usage(spec, '--diff counts only with --group')
    return false
  }
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
  /** Print what differs from the reference instead of all. */
  readonly diff: boolean
}

/** What of it the command line says. */
export function groupingOf(line: CommandLine): Pick<GroupsPrinting, 'raw' | 'diff'> {
  return { raw: line.has('raw'), diff: line.has('diff') }
}

/** Odd ones first, what most hosts have printed last. Stops when nobody reads the output any more. */
export async function printGroups(printing: GroupsPrinting): Promise<void> {
  const { api, run } = printing
  const { groups, tooLong } = await api.groups(run.id)
  const reference = printing.diff ? await referenceOf(printing, groups) : null
  for (const batch of batchesOf(groups, run)) {
    const read = await linesOf(printing, batch)
    for (const group of batch) {
      const printed = read.get(firstOf(group)) ?? nothing
      if (reference === null || group.relation !== 'differs') {
        await printGroup(printing, group, printed)
      } else await printDiff(printing, { group, printed, reference })
    }
  }
  if (tooLong.length > 0) await printUngrouped(printing, tooLong)
}

/** Texts of one task. */
type Printed = Readonly<Record<SourceChannel, string[]>>

const nothing: Printed = { out: [], err: [] }

/** What others are compared with. */
interface Reference {
  readonly group: TaskGroup
  readonly printed: Printed
}

async function referenceOf(
  printing: GroupsPrinting,
  groups: readonly TaskGroup[],
): Promise<Reference | null> {
  const group = groups.find(({ relation }) => relation === 'reference')
  if (group === undefined) return null
  const read = await linesOf(printing, [group])
  return { group, printed: read.get(firstOf(group)) ?? nothing }
}

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
  printed: Printed,
): Promise<void> {
  const isEmpty = printed.out.length + printed.err.length === 0
  const end = [endRemark(group.ended), isEmpty ? 'no output' : '']
  await output.write('out', groupHeader(namesOf(run, group.tasks), end))
  for (const channel of ['out', 'err'] as const) {
    const shown = output.isTerminal(channel) && !raw ? terminalText : String
    for (const text of printed[channel]) await output.write(channel, `${shown(text)}\n`)
  }
}

interface Difference {
  readonly group: TaskGroup
  readonly printed: Printed
  readonly reference: Reference
}

/** As `diff -u`, channel by channel. */
async function printDiff(
  { run, output }: GroupsPrinting,
  { group, printed, reference }: Difference,
): Promise<void> {
  const { diffLines } = await import('../../shared/line-diff.ts')
  const base = displayText(foldHosts(namesOf(run, reference.group.tasks)))
  const remarks = [endRemark(group.ended), `compared with ${base}`]
  await output.write('out', groupHeader(namesOf(run, group.tasks), remarks))
  for (const channel of ['out', 'err'] as const) {
    const shown = output.isTerminal(channel) ? terminalText : String
    const before = reference.printed[channel].map(comparedText)
    for (const hunk of diffLines(before, printed[channel].map(comparedText)).hunks) {
      const old = rangeText(hunk.oldFrom, hunk.oldCount)
      const place = `@@ -${old} +${rangeText(hunk.newFrom, hunk.newCount)} @@`
      const rows = hunk.rows.map(({ kind, parts }) => {
        return `${signs[kind]}${shown(parts.map(({ text }) => text).join(''))}`
      })
      await output.write(channel, `${[place, ...rows].join('\n')}\n`)
    }
  }
}

/** As diff writes it: of no lines the one before them is named. */
function rangeText(from: number, count: number): string {
  return `${count === 0 ? from - 1 : from},${count}`
}

const signs = { same: ' ', removed: '-', added: '+' } as const

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
