import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { limits } from '../../shared/limits.ts'
import type { LineGroup } from '../../shared/line-group.ts'
import type { GroupedRun } from '../../shared/protocol/groups.ts'
import { CatchUp } from '../feed/catch-up.ts'
import { follow } from '../feed/follow.ts'
import { RunFeed } from '../feed/run-feed.ts'
import { newTask } from '../runs/task-state.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { createRunGroups } from './run-groups.ts'

const run = sampleRun({ tasks: [newTask(0, 'web-1'), newTask(1, 'web-2')] })
const never = new AbortController().signal

function linesOf(task: number, text: string): LineGroup {
  const count = text.split('\n').length - 1
  const bytes = new TextEncoder().encode(text)
  return { task, channel: 'out', time: 0, count, bytes, end: 'newline' }
}

/** A run whose lines are stored and shown one batch after the other. */
async function liveRun() {
  const clock = manualClock()
  const feed = new RunFeed(run, clock)
  let store = createMemoryStore()
  await store.catalog.create(run, 'me')
  const log = {
    read: (...asked: Parameters<typeof store.log.read>) => store.log.read(...asked),
    bounds: (...asked: Parameters<typeof store.log.bounds>) => store.log.bounds(...asked),
  }
  let catchUp = new CatchUp(log)
  const write = async (group: LineGroup, epoch = 1) => {
    const { next: pos } = await store.log.bounds(run.id)
    await store.log.append({ run: run.id, epoch, pos, groups: [group], tasks: [] })
    feed.publish([{ ...group, pos }])
    clock.advance(limits.flushDelayMsMax)
  }
  /** As after a power cut: everything is gone, and what comes gets its positions. */
  const lose = async () => {
    store = createMemoryStore()
    await store.catalog.create(run, 'me')
    catchUp = new CatchUp(log)
    feed.rewind({ ...run, epoch: 2, epochs: [...run.epochs, { epoch: 2, from: 0 }] }, 0)
  }
  const service = {
    get: async () => feed.run,
    readAlong: (_id: string, signal: AbortSignal) =>
      follow({ feed, catchUp, from: 0, signal, isSilent: true }),
  }
  return { clock, feed, write, lose, groups: createRunGroups({ service, clock }) }
}

const shapeOf = ({ groups }: GroupedRun) => groups.map(({ tasks, lines }) => [tasks, lines.out])

test('a run is followed once for all who ask, and for a while after the last one', async () => {
  const { clock, feed, write, groups } = await liveRun()
  await write(linesOf(0, 'a\n'))
  const asked = await Promise.all([groups.read(run.id, never), groups.read(run.id, never)])
  expect(asked.map((answer) => answer?.next)).toEqual([1, 1])
  expect(feed.followers).toBe(1)
  clock.advance(limits.groupedKeptMs - 1)
  await groups.read(run.id, never)
  clock.advance(limits.groupedKeptMs - 1)
  expect(feed.followers).toBe(1)
  clock.advance(1)
  await expect.poll(() => feed.followers).toBe(0)
})

test('who watches hears of changes only, at their pace, and of a history that is given anew', async () => {
  const { clock, write, lose, groups } = await liveRun()
  await write(linesOf(0, 'a\nb\n'))
  const leave = new AbortController()
  const watched = groups.watch(run.id, leave.signal)
  const next = async () => {
    const news = watched.next()
    // The pause, then whatever the change still waits for.
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(limits.groupsEveryMs)
    const { value } = await news
    return value === undefined ? null : shapeOf(value)
  }
  expect(await next()).toEqual([
    [[1], 0],
    [[0], 2],
  ])
  await write({ ...linesOf(0, 'a note\n'), channel: 'note' })
  await write(linesOf(1, 'a\nb\n'))
  expect(await next()).toEqual([[[0, 1], 2]])
  await lose()
  await write(linesOf(1, 'x\n'), 2)
  expect(await next()).toEqual([
    [[0], 0],
    [[1], 1],
  ])
  const last = watched.next()
  leave.abort()
  expect((await last).done).toBe(true)
})
