/** Groups the tasks of one run by their lines while these come. Decides, and does no I/O. */
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import { createMask, type MaskName } from '../../shared/line-mask.ts'
import type { GroupedRun, TaskEnding } from '../../shared/protocol/groups.ts'
import type { Run, Task } from '../../shared/run.ts'
import type { FeedItem } from '../runs/run-service.ts'
import { comparedLines } from './compared-lines.ts'
import { groupTasks } from './group-tasks.ts'
import { LineTree, rootNode, type TreeNode } from './line-tree.ts'

interface Standing {
  readonly nodes: Record<SourceChannel, TreeNode>
  /** What of a line is compared; null for all of it. */
  readonly mask: ((line: Uint8Array) => Uint8Array) | null
  ended: TaskEnding | null
  isTooLong: boolean
}

/** The cost of a line is that of its hash, however many tasks there are. */
export class Grouping {
  readonly #run: Run['id']
  readonly #masks: readonly MaskName[]
  readonly #trees = {
    out: new LineTree(limits.groupedTreeLinesMax),
    err: new LineTree(limits.groupedTreeLinesMax),
  }
  readonly #tasks = new Map<number, Standing>()
  readonly #from: number
  #next: number
  #isFinal = false
  #isVoid = false
  #answer: GroupedRun | undefined

  /** Nothing of the run's lines is known yet; they come by `take`, from the first kept one on. */
  constructor(run: Run, masks: readonly MaskName[] = []) {
    this.#run = run.id
    this.#masks = masks
    this.#from = run.first
    this.#next = run.first
    for (const task of run.tasks) this.#setTask(task)
  }

  /** Position before which all lines were taken. */
  get next(): number {
    return this.#next
  }

  /** Nothing that may come changes the answer. */
  get isFinal(): boolean {
    return this.#isFinal
  }

  /** What was taken is no longer what is stored: begin anew. */
  get isVoid(): boolean {
    return this.#isVoid
  }

  /** Takes what a follower gives. */
  take(item: FeedItem): void {
    switch (item.kind) {
      case 'run':
        for (const task of item.run.tasks) this.#setTask(task)
        break
      case 'task':
        this.#setTask(item.task)
        break
      case 'frame':
        for (const group of item.groups) this.#takeLines(group)
        this.#next = item.next
        break
      case 'reset':
        this.#isVoid = item.from < this.#next
        break
      case 'end':
        for (const task of item.run.tasks) this.#setTask(task)
        this.#isFinal = true
        this.#answer = undefined
        break
      case 'partial':
      case 'viewers':
      case 'marks':
        break
    }
  }

  /** The groups as of the lines that were taken: the same object until one of them changes. */
  answer(): GroupedRun {
    this.#answer ??= this.#group()
    return this.#answer
  }

  #setTask(task: Task): void {
    const ended = endingOf(task)
    const known = this.#tasks.get(task.id)
    if (known === undefined) {
      const nodes = { out: rootNode, err: rootNode }
      const mask = this.#masks.length === 0 ? null : bytesMask(this.#masks, task.host)
      this.#tasks.set(task.id, { nodes, mask, ended, isTooLong: false })
    } else if (known.ended === null && ended !== null) known.ended = ended
    else return
    this.#answer = undefined
  }

  #takeLines(group: PlacedGroup): void {
    const { channel } = group
    const task = this.#tasks.get(group.task)
    if (channel === 'note' || task === undefined || task.isTooLong) return
    this.#answer = undefined
    const { out, err } = this.#trees
    let room = limits.groupedLinesMax - out.depth(task.nodes.out) - err.depth(task.nodes.err)
    for (const whole of comparedLines(group)) {
      const line = task.mask?.(whole) ?? whole
      const node = room > 0 ? this.#trees[channel].child(task.nodes[channel], line) : undefined
      if (node === undefined) return this.#leaveOut(task)
      task.nodes[channel] = node
      room -= 1
    }
  }

  #leaveOut(task: Standing): void {
    task.isTooLong = true
    this.#isFinal = [...this.#tasks.values()].every(({ isTooLong }) => isTooLong)
  }

  #group(): GroupedRun {
    const tasks = [...this.#tasks]
    const places = tasks
      .filter(([, { isTooLong }]) => !isTooLong)
      .map(([task, { nodes, ended }]) => ({ task, ...nodes, ended }))
    return {
      run: this.#run,
      from: this.#from,
      next: this.#next,
      isFinal: this.#isFinal,
      groups: groupTasks(places, this.#trees),
      tooLong: tasks.filter(([, { isTooLong }]) => isTooLong).map(([task]) => task),
    }
  }
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

function bytesMask(masks: readonly MaskName[], host: string): (line: Uint8Array) => Uint8Array {
  const mask = createMask(masks, host)
  return (line) => encoder.encode(mask(decoder.decode(line)))
}

function endingOf({ state, exitCode, signal }: Task): TaskEnding | null {
  if (state !== 'ended' && state !== 'failed' && state !== 'lost') return null
  return { state, exitCode, signal }
}
