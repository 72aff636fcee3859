import { expect, test } from 'vitest'
import { manualClock } from '../../../test/support/manual-clock.ts'
import { until } from '../../../test/support/until.ts'
import { AppError } from '../../shared/errors.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { createMemoryNodes } from '../nodes/memory-nodes.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import type { CronPattern } from './cron-times.ts'
import { ScheduleBook } from './schedule-book.ts'
import { runSchedules } from './scheduler.ts'

test('a schedule that cannot be looked at is told once, holds up no other, and is told to go on', async () => {
  const { said, metrics, starts, broken, nextMinute, end } = await scheduled('bad', 'good')
  broken.add('bad')
  nextMinute()
  await until('the other one starts', () => starts.length === 1)
  await until('the trouble is told', () => said.length === 1)
  nextMinute()
  await until('it is tried again', async () => (await failures(metrics)) >= 2)
  expect(said).toEqual([
    'The schedule "bad" cannot go on, and is tried again: The clock stands. Wind it up.',
  ])
  broken.clear()
  nextMinute()
  await until('it goes on', () => said.length === 2)
  expect(said[1]).toBe('The schedule "bad" can go on again.')
  await end()
})

/** Schedules of every minute, over a store in memory; `broken` names those whose times cannot be read. */
async function scheduled(...names: readonly string[]) {
  const clock = manualClock()
  const { records } = createMemoryStore()
  const metrics = createMetrics()
  const book = new ScheduleBook({ records, clock })
  const said: string[] = []
  const starts: string[] = []
  const broken = new Set<string>()
  for (const name of names) {
    const start = { target: 'local', source: { kind: 'command', command: 'true' } } as const
    const rules = { enabled: true, missed: 'skip', overlap: 'allow' } as const
    await book.put(name, { ...rules, cron: name, timeZone: 'UTC', start })
  }
  const stop = new AbortController()
  const running = runSchedules(
    {
      book,
      clock,
      metrics,
      nodes: createMemoryNodes().join('one'),
      times: {
        parse: async (cron) => {
          if (!broken.has(cron)) return everyMinute
          throw new AppError('bad-schedule', 'The clock stands.', { hint: 'Wind it up.' })
        },
      },
      runs: {
        start: async ({ key }) => {
          starts.push(key?.key ?? '')
          throw new AppError('too-many-runs', 'Enough runs.')
        },
        get: async () => {
          throw new AppError('not-found', 'No run.')
        },
      },
      commands: {
        prepare: async () => {
          throw new AppError('not-found', 'No saved command.')
        },
      },
      say: (text) => void said.push(text),
    },
    stop.signal,
  )
  return {
    said,
    starts,
    metrics,
    broken,
    nextMinute: () => clock.advance(minute),
    end: async () => {
      stop.abort()
      await running
    },
  }
}

const minute = 60_000

const everyMinute: CronPattern = {
  after: (time, count) =>
    Array.from({ length: count }, (_, at) => (Math.floor(time / minute) + 1 + at) * minute),
  last: (after, until) => {
    const last = Math.floor(until / minute) * minute
    return last > after ? last : null
  },
}

async function failures(metrics: Metrics): Promise<number> {
  const family = (await metrics.read()).find(
    ({ name }) => name === 'farglass_automation_failures_total',
  )
  return family?.samples.find(({ labels }) => labels['part'] === 'schedules')?.value ?? 0
}
