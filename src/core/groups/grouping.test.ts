import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import { type MaskName, maskNames } from '../../shared/line-mask.ts'
import type { GroupRelation, TaskEnding, TaskGroup } from '../../shared/protocol/groups.ts'
import type { Task } from '../../shared/run.ts'
import type { FeedItem } from '../runs/run-service.ts'
import { newTask } from '../runs/task-state.ts'
import { Grouping } from './grouping.ts'
import { LineTree, rootNode } from './line-tree.ts'

type SourceChannel = 'out' | 'err'

interface Printed {
  readonly out: readonly string[]
  readonly err: readonly string[]
  readonly exitCode: number | null
}

function taskOf(id: number, exitCode: number | null): Task {
  const task = newTask(id, `web-${id}`)
  return exitCode === null ? task : { ...task, state: 'ended', exitCode }
}

function frameOf(
  pos: number,
  task: number,
  channel: SourceChannel | 'note',
  text: string,
): FeedItem {
  const bytes = new TextEncoder().encode(text)
  const count = text.split('\n').length - 1
  const group: PlacedGroup = { pos, task, channel, time: 0, count, bytes, end: 'newline' }
  return { kind: 'frame', pos, next: pos + count, groups: [group] }
}

/** The tasks of a run whose lines came task by task, in pieces of one line. */
function grouped(tasks: readonly Printed[]) {
  const grouping = new Grouping(
    sampleRun({ tasks: tasks.map((_, id) => newTask(id, `web-${id}`)) }),
  )
  let pos = 0
  const print = (task: number, channel: SourceChannel | 'note', text: string) => {
    const frame = frameOf(pos, task, channel, text)
    if (frame.kind === 'frame') pos = frame.next
    grouping.take(frame)
  }
  for (const [id, { out, err, exitCode }] of tasks.entries()) {
    print(id, 'note', `connected to web-${id}\n`)
    for (const line of out) print(id, 'out', `${line}\n`)
    if (err.length > 0) print(id, 'err', err.map((line) => `${line}\n`).join(''))
    grouping.take({ kind: 'task', task: taskOf(id, exitCode) })
  }
  return { grouping, print }
}

test('what is masked does not tell hosts apart, each by its own name', () => {
  const tasks = [0, 1, 2].map((id) => newTask(id, `web-${id}`))
  const line = (id: number, word: string) => `web-${id} ${word} at 10:0${id} pid ${id}7\n`
  const groupsWith = (masks: readonly MaskName[]) => {
    const grouping = new Grouping(sampleRun({ tasks }), masks)
    for (const id of [0, 1]) grouping.take(frameOf(id, id, 'out', line(id, 'ready')))
    grouping.take(frameOf(2, 2, 'out', line(2, 'broken')))
    return grouping.answer().groups.map((group) => group.tasks)
  }
  expect(groupsWith(maskNames)).toEqual([[2], [0, 1]])
  expect(groupsWith(['host', 'times'])).toHaveLength(3)
  expect(groupsWith([])).toHaveLength(3)
})

function commonLines(one: readonly string[], other: readonly string[]): number {
  let at = 0
  while (at < Math.min(one.length, other.length) && one[at] === other[at]) at++
  return at
}

/** What the words of docs/protocol.md say, read off whole texts. */
function modelGroups(tasks: readonly Printed[]): TaskGroup[] {
  const byKey = new Map<string, number[]>()
  for (const [id, task] of tasks.entries()) {
    const key = JSON.stringify([task.out, task.err, task.exitCode])
    byKey.set(key, [...(byKey.get(key) ?? []), id])
  }
  const groups = [...byKey.values()].map((ids) => ({ ids, ...(tasks[ids[0] ?? 0] ?? nothing) }))
  const isPrefix = (a: readonly string[], b: readonly string[]) => commonLines(a, b) === a.length
  const support = (group: Printed) =>
    groups
      .filter((other) => other === group || (other.exitCode === null && behind(other, group)))
      .reduce((sum, { ids }) => sum + ids.length, 0)
  const behind = (a: Printed, b: Printed) => isPrefix(a.out, b.out) && isPrefix(a.err, b.err)
  const length = ({ out, err }: Printed) => out.length + err.length
  const code = ({ exitCode }: Printed) => exitCode ?? 0
  const reference = groups.toSorted(
    (a, b) =>
      code(a) - code(b) ||
      support(b) - support(a) ||
      b.ids.length - a.ids.length ||
      length(b) - length(a) ||
      (a.ids[0] ?? 0) - (b.ids[0] ?? 0),
  )[0] ?? { ids: [], ...nothing }
  const relationOf = (group: Printed): GroupRelation => {
    if (group === reference) return 'reference'
    const isSame = behind(group, reference) && behind(reference, group)
    if (isSame) return group.exitCode === null || reference.exitCode === null ? 'so-far' : 'same'
    const fits = (['out', 'err'] as const).every(
      (channel) =>
        (isPrefix(group[channel], reference[channel]) &&
          isPrefix(reference[channel], group[channel])) ||
        (group.exitCode === null && isPrefix(group[channel], reference[channel])) ||
        (reference.exitCode === null && isPrefix(reference[channel], group[channel])),
    )
    return fits ? 'so-far' : 'differs'
  }
  const order = { differs: 0, 'so-far': 2, same: 2, reference: 3 }
  const rank = (group: Printed) =>
    group !== reference && code(group) > 0 ? 1 : order[relationOf(group)]
  return groups
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) || a.ids.length - b.ids.length || (a.ids[0] ?? 0) - (b.ids[0] ?? 0),
    )
    .map((group) => ({
      tasks: group.ids,
      ended: endingOf(group.exitCode),
      lines: { out: group.out.length, err: group.err.length },
      common: {
        out: commonLines(group.out, reference.out),
        err: commonLines(group.err, reference.err),
      },
      relation: relationOf(group),
    }))
}

const nothing: Printed = { out: [], err: [], exitCode: null }

function endingOf(exitCode: number | null): TaskEnding | null {
  return exitCode === null ? null : { state: 'ended', exitCode, signal: null }
}

describe('groups of tasks', () => {
  test('are those that a comparison of whole texts gives, with the same reference and order', () => {
    const line = fc.constantFrom('a', 'b', '', 'a\0', 'a\0\0', 'sixteen bytes it')
    const lines = fc.array(line, { maxLength: 4 })
    const task = fc.record({ out: lines, err: lines, exitCode: fc.constantFrom(null, 0, 0, 1, 2) })
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 9 }), (tasks) => {
        expect(grouped(tasks).grouping.answer().groups).toEqual(modelGroups(tasks))
      }),
      { numRuns: 2_000 },
    )
  })

  test('are the same whatever colours, line ends and order of channels a host has', () => {
    const { grouping, print } = grouped([])
    expect(grouping.answer().groups).toEqual([])
    const both = new Grouping(sampleRun({ tasks: [newTask(0, 'web-0'), newTask(1, 'web-1')] }))
    both.take(frameOf(0, 0, 'out', 'one\r\n\u001b[1;31mtwo\u001b[0m\n'))
    both.take(frameOf(2, 0, 'err', 'three\n'))
    both.take(frameOf(3, 1, 'err', '\u001b[mthree\n'))
    both.take(frameOf(4, 1, 'out', 'one\ntwo\n'))
    expect(both.answer().groups.map(({ tasks }) => tasks)).toEqual([[0, 1]])
    both.take(frameOf(6, 1, 'out', '\u001b[2Kdone\n'))
    both.take(frameOf(7, 0, 'out', 'done\n'))
    expect(both.answer().groups.map(({ relation }) => relation)).toEqual(['differs', 'reference'])
    print(0, 'out', 'of a task that the run does not have\n')
  })

  test('give one object until something changes, and end with the run', () => {
    const { grouping, print } = grouped([nothing, nothing])
    const before = grouping.answer()
    print(0, 'note', 'not compared\n')
    expect(grouping.answer()).toBe(before)
    print(0, 'out', 'compared\n')
    expect(grouping.answer()).not.toBe(before)
    expect(grouping.isFinal).toBe(false)
    grouping.take({ kind: 'end', next: grouping.next, run: sampleRun({ tasks: [taskOf(0, 3)] }) })
    expect(grouping.answer()).toMatchObject({ isFinal: true, next: 4 })
    expect(grouping.answer().groups[0]).toMatchObject({ tasks: [0], ended: { exitCode: 3 } })
  })

  test('are void when lines that were compared are taken back', () => {
    const { grouping } = grouped([{ ...nothing, out: ['a', 'b'] }])
    grouping.take({ kind: 'reset', epoch: 2, from: grouping.next, epochs: [] })
    expect(grouping.isVoid).toBe(false)
    grouping.take({ kind: 'reset', epoch: 2, from: 1, epochs: [] })
    expect(grouping.isVoid).toBe(true)
  })

  test('leave out a task with too many lines, and are final when all are left out', () => {
    const { grouping, print } = grouped([nothing, { ...nothing, out: ['a'] }])
    const many = 'x\n'.repeat(limits.groupedLinesMax)
    print(0, 'out', many)
    expect(grouping.answer().tooLong).toEqual([])
    print(0, 'err', 'one too many\n')
    expect(grouping.answer()).toMatchObject({ tooLong: [0], groups: [{ tasks: [1] }] })
    print(1, 'out', many)
    expect(grouping.answer()).toMatchObject({ tooLong: [0, 1], groups: [], isFinal: true })
  })
})

test('a tree takes no more lines than it may, and still knows those that it has', () => {
  const tree = new LineTree(5_000)
  const lineOf = (at: number) => new TextEncoder().encode(`line ${at}`)
  const nodes = Array.from({ length: 5_000 }, (_, at) => tree.child(rootNode, lineOf(at)))
  expect(new Set(nodes).size).toBe(5_000)
  expect(tree.child(rootNode, lineOf(5_000))).toBeUndefined()
  expect(nodes.map((_, at) => tree.child(rootNode, lineOf(at)))).toEqual(nodes)
})
