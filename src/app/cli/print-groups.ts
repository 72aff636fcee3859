/** `--group`: output that several hosts have printed alike, once, under the set of these hosts. */
import type { FarglassApi } from '../../client/api.ts'
import type { SourceChannel } from '../../shared/channel.ts'
import { displayText } from '../../shared/display.ts'
import { comparedText, endRemark, groupHeader } from '../../shared/group-text.ts'
import { foldHosts } from '../../shared/host-set.ts'
import { limits } from '../../shared/limits.ts'
import { createMask } from '../../shared/line-mask.ts'
import type { TaskGroup } from '../../shared/protocol/groups.ts'
import type { Run } from '../../shared/run.ts'
import type { Grouped } from './grouping-flags.ts'
import { matchingLines } from './matching-lines.ts'
import type { Output } from './output.ts'
import { terminalText } from './terminal-text.ts'

export interface GroupsPrinting {
  readonly api: FarglassApi
  /** One that has ended, or that was left. */
  readonly run: Run
  readonly output: Output
  readonly how: Grouped
}

/** Odd ones first, what most hosts have printed last. Stops when nobody reads the output any more. */
export async function printGroups(printing: GroupsPrinting): Promise<void> {
  const { api, run, how } = printing
  const { groups, tooLong } = await api.groups(run.id, how.masks)
  const reference = how.diff ? await referenceOf(printing, groups) : null
  for (const batch of batchesOf(groups, run)) {
    const read = await linesOf(printing, batch)
    for (const group of batch) {
      const printed = read.get(firstOf(group)) ?? nothing
      if (how.json) await printing.output.write('out', jsonGroup(run, group, printed))
      else if (reference === null || group.relation !== 'differs') {
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
  { run, output, how }: GroupsPrinting,
  group: TaskGroup,
  printed: Printed,
): Promise<void> {
  const isEmpty = printed.out.length + printed.err.length === 0
  const names = namesOf(run, group.tasks)
  const [first = ''] = names
  // What is masked differs between them, and these are the lines of one.
  const isOfOne = how.masks.length > 0 && names.length > 1 && !isEmpty
  const whose = isOfOne ? `lines of ${displayText(first)}` : ''
  const remarks = [endRemark(group.ended), isEmpty ? 'no output' : '', whose]
  await output.write('out', groupHeader(names, remarks))
  for (const channel of ['out', 'err'] as const) {
    const shown = output.isTerminal(channel) && !how.raw ? terminalText : String
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
  { run, output, how }: GroupsPrinting,
  { group, printed, reference }: Difference,
): Promise<void> {
  const { diffLines } = await import('../../shared/line-diff.ts')
  const compared = ({ tasks }: TaskGroup, lines: readonly string[]) =>
    lines.map(comparedText).map(createMask(how.masks, namesOf(run, tasks)[0] ?? ''))
  const base = displayText(foldHosts(namesOf(run, reference.group.tasks)))
  const remarks = [endRemark(group.ended), `compared with ${base}`]
  await output.write('out', groupHeader(namesOf(run, group.tasks), remarks))
  for (const channel of ['out', 'err'] as const) {
    const shown = output.isTerminal(channel) ? terminalText : String
    const before = compared(reference.group, reference.printed[channel])
    for (const hunk of diffLines(before, compared(group, printed[channel])).hunks) {
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
  const { run, output, how } = printing
  if (how.json) return printUngroupedJson(printing, tasks)
  await output.write('out', groupHeader(namesOf(run, tasks), ['too long to group']))
  const hosts = new Map(run.tasks.map(({ id, host }) => [id, host]))
  const width = Math.max(...tasks.map((task) => hosts.get(task)?.length ?? 0))
  for await (const { task, channel, text } of sourceLines(printing, tasks)) {
    const target = channel === 'out' ? 'out' : 'err'
    const shown = output.isTerminal(target) && !how.raw ? terminalText(text) : text
    await output.write(target, `${(hosts.get(task) ?? '').padEnd(width)} │ ${shown}\n`)
  }
}

/** As `--json` without groups gives them. */
async function printUngroupedJson(
  printing: GroupsPrinting,
  tasks: readonly number[],
): Promise<void> {
  const hosts = new Map(printing.run.tasks.map(({ id, host }) => [id, host]))
  for await (const { pos, task, ...line } of sourceLines(printing, tasks)) {
    const row = JSON.stringify({ pos, task, host: hosts.get(task), ...line })
    await printing.output.write('out', `${row}\n`)
  }
}

/** One object a line; whoever reads it has `hosts` here, and `host` in what was not grouped. */
function jsonGroup(run: Run, { tasks, ended, relation }: TaskGroup, { out, err }: Printed): string {
  const { state, exitCode, signal } = ended ?? { state: null, exitCode: null, signal: null }
  const row = { hosts: namesOf(run, tasks), tasks, relation, state, exitCode, signal, out, err }
  return `${JSON.stringify(row)}\n`
}

function namesOf(run: Run, tasks: readonly number[]): string[] {
  return run.tasks.filter(({ id }) => tasks.includes(id)).map(({ host }) => host)
}

function firstOf({ tasks }: TaskGroup): number {
  return tasks[0] ?? 0
}
