/** Groups of tasks that stand at the same places of their trees, compared with the largest of them. */
import type {
  ChannelCounts,
  GroupRelation,
  TaskEnding,
  TaskGroup,
} from '../../shared/protocol/groups.ts'
import type { LineTree, TreeNode, TreePath } from './line-tree.ts'

/** Where a task stands: a node in the tree of each channel, and how it ended. */
export interface TaskPlace {
  readonly task: number
  readonly out: TreeNode
  readonly err: TreeNode
  readonly ended: TaskEnding | null
}

export interface Trees {
  readonly out: LineTree
  readonly err: LineTree
}

/** Groups in the order in which they are shown, see `GroupedRun`. */
export function groupTasks(places: readonly TaskPlace[], trees: Trees): TaskGroup[] {
  const gathered = gather(places)
  const reference = referenceOf(gathered, trees)
  if (reference === undefined) return []
  const paths = pathsOf(reference, trees)
  return gathered
    .map((group) => {
      const { tasks, ended } = group
      const lines = linesOf(group, trees)
      const common = commonOf(group, paths, trees)
      const relation = relationOf({ group, lines, common }, reference, linesOf(reference, trees))
      return { tasks, ended, lines, common, relation }
    })
    .toSorted(
      (a, b) =>
        orderOf(a) - orderOf(b) ||
        a.tasks.length - b.tasks.length ||
        (a.tasks[0] ?? 0) - (b.tasks[0] ?? 0),
    )
}

interface Gathered extends Omit<TaskPlace, 'task'> {
  readonly tasks: readonly number[]
}

function gather(places: readonly TaskPlace[]): Gathered[] {
  const groups = new Map<string, Omit<TaskPlace, 'task'> & { readonly tasks: number[] }>()
  for (const { task, ...place } of places) {
    const { out, err, ended } = place
    const end = ended === null ? '' : `${ended.state} ${ended.exitCode} ${ended.signal}`
    const key = `${out} ${err} ${end}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { ...place, tasks: [task] })
    else group.tasks.push(task)
  }
  return [...groups.values()]
}

/** Groups that may become the reference are looked at closely up to this number, the largest first. */
const candidatesMax = 32

/**
 * The lowest exit code; of those the one that most tasks agree with, which are its own and those that
 * are the same so far; then the largest, the longest, and the first one.
 */
function referenceOf(groups: readonly Gathered[], trees: Trees): Gathered | undefined {
  const best = Math.min(...groups.map(badness))
  const ranked = groups
    .filter((group) => badness(group) === best)
    .toSorted((a, b) => b.tasks.length - a.tasks.length || lengthOf(b, trees) - lengthOf(a, trees))
    .slice(0, candidatesMax)
    .map((group) => ({ group, support: supportOf(group, groups, trees) }))
  return ranked.toSorted((a, b) => b.support - a.support)[0]?.group
}

/** 0 for what ended well or goes on, then by exit code; no exit code at all is worse than any. */
function badness({ ended }: Pick<Gathered, 'ended'>): number {
  if (ended === null) return 0
  return ended.state === 'ended' && ended.exitCode !== null ? ended.exitCode : 256
}

function lengthOf(group: Gathered, trees: Trees): number {
  const { out, err } = linesOf(group, trees)
  return out + err
}

function linesOf({ out, err }: Gathered, trees: Trees): ChannelCounts {
  return { out: trees.out.depth(out), err: trees.err.depth(err) }
}

function supportOf(group: Gathered, all: readonly Gathered[], trees: Trees): number {
  const paths = pathsOf(group, trees)
  let support = group.tasks.length
  for (const other of all) {
    if (other === group || other.ended !== null) continue
    const lines = linesOf(other, trees)
    const isBehind = paths.out[lines.out] === other.out && paths.err[lines.err] === other.err
    if (isBehind) support += other.tasks.length
  }
  return support
}

interface Paths {
  readonly out: TreePath
  readonly err: TreePath
}

function pathsOf({ out, err }: Gathered, trees: Trees): Paths {
  return { out: trees.out.path(out), err: trees.err.path(err) }
}

function commonOf(group: Gathered, paths: Paths, trees: Trees): ChannelCounts {
  return {
    out: trees.out.commonDepth(paths.out, group.out),
    err: trees.err.commonDepth(paths.err, group.err),
  }
}

interface Compared {
  readonly group: Gathered
  readonly lines: ChannelCounts
  readonly common: ChannelCounts
}

function relationOf(
  { group, lines, common }: Compared,
  reference: Gathered,
  wanted: ChannelCounts,
): GroupRelation {
  if (group === reference) return 'reference'
  const isSame = group.out === reference.out && group.err === reference.err
  const goesOn = group.ended === null || reference.ended === null
  if (isSame) return goesOn ? 'so-far' : 'same'
  const mayMeet = (['out', 'err'] as const).every((channel) => {
    const isBehind = common[channel] === lines[channel]
    const isAhead = common[channel] === wanted[channel]
    if (isBehind && isAhead) return true
    return (isBehind && group.ended === null) || (isAhead && reference.ended === null)
  })
  return mayMeet ? 'so-far' : 'differs'
}

function orderOf(group: Pick<TaskGroup, 'relation' | 'ended'>): number {
  if (group.relation === 'reference') return 3
  if (badness(group) > 0) return 1
  return group.relation === 'differs' ? 0 : 2
}
