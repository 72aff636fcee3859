/** A run that is written to a store in Redis without end, by the writer that real runs have. */
import { openRedisStore, type RedisStore } from '../../src/adapters/redis/redis-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { RunFeed } from '../../src/core/feed/run-feed.ts'
import { createMetrics, type Metrics } from '../../src/core/metrics/metrics.ts'
import { RunWriter } from '../../src/core/runs/run-writer.ts'
import type { AppError } from '../../src/shared/errors.ts'
import type { Task } from '../../src/shared/run.ts'
import { checkLines, crashRun, lineGroup } from './store-lines.ts'
import { until } from './until.ts'

export interface RedisWriting extends AsyncDisposable {
  readonly store: RedisStore
  readonly metrics: Metrics
  /** Why the writer has waited, each time. */
  readonly pauses: readonly AppError[]
  /** Position after the last line that is known to be stored. */
  readonly committed: number
  /** Resolves when so many more lines are stored. */
  more(lines: number): Promise<void>
  /** Ends the run, and compares what is stored with what was written; gives the number of lines. */
  finish(): Promise<number>
}

/** Line n reads "line n"; a few batches are under way at any time. */
export async function writeToRedis({ url }: { readonly url: string }): Promise<RedisWriting> {
  const metrics = createMetrics()
  const store = await openRedisStore({ url, metrics })
  await store.catalog.create(crashRun, 'writer', { key: 'writing', digest: 'writing' })
  const pauses: AppError[] = []
  const writer = new RunWriter({
    run: crashRun.id,
    epoch: 1,
    next: 0,
    log: store.log,
    feed: new RunFeed(crashRun, systemClock),
    clock: systemClock,
    metrics,
    onPause: (reason) => pauses.push(reason),
  })
  const state = { isDone: false }
  const writing = writeOn(writer, state)
  // The end of the test looks at it; until then it must not end the process.
  writing.catch(() => {})
  const more = (lines: number) => {
    const goal = writer.committed + lines
    return until(
      `${lines} more lines are stored`,
      () => {
        if (writer.failure !== undefined) throw writer.failure
        return writer.committed >= goal
      },
      60_000,
    )
  }
  return {
    store,
    metrics,
    pauses,
    get committed() {
      return writer.committed
    },
    more: async (lines) => void (await more(lines)),
    finish: async () => {
      state.isDone = true
      return compare(store, await writing)
    },
    [Symbol.asyncDispose]: async () => {
      state.isDone = true
      writer.giveUp()
      await writing.catch(() => {})
      await store[Symbol.asyncDispose]()
    },
  }
}

interface Written {
  readonly next: number
  readonly bytes: number
}

async function writeOn(writer: RunWriter, state: { readonly isDone: boolean }): Promise<Written> {
  const [first] = crashRun.tasks
  if (first === undefined) throw new Error('The run has no task.')
  let next = 0
  let task: Task = first
  while (!state.isDone) {
    for (let batch = 0; batch < 8; batch++) {
      const group = lineGroup(next, 20)
      next += group.count
      task = { ...task, outBytes: task.outBytes + group.bytes.length }
      writer.write({ group, task, progress: String(next) })
    }
    await writer.settled()
  }
  return { next, bytes: task.outBytes }
}

/** Lines, offsets and counters must all say the same. */
async function compare(store: RedisStore, written: Written): Promise<number> {
  const read = await checkLines(store.log)
  const run = await store.catalog.get(crashRun.id)
  const { next, bytes } = written
  const found = [run?.first, run?.next, run?.lines, run?.tasks[0]?.outBytes, read.next, read.bytes]
  const expected = [0, next, next, bytes, next, bytes]
  if (found.join() !== expected.join()) {
    throw new Error(`Stored are ${found.join(', ')}, but ${expected.join(', ')} were written.`)
  }
  return next
}
