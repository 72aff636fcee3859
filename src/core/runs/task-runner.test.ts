import { expect, test } from 'vitest'
import { command, startRunService } from '../../../test/support/run-service.ts'
import { until } from '../../../test/support/until.ts'
import { AppError } from '../../shared/errors.ts'
import type { Run } from '../../shared/run.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import { createMemoryStore } from '../store/memory-store.ts'

const tries: readonly [when: string, answers: AppError[], message: string][] = [
  [
    'the first try since a new start',
    [],
    'It was given up before the host was reached; the command may still run there. Look on the host what became of it.',
  ],
  [
    'a later try',
    [new AppError('host-unreachable', 'There is no route to web-1.')],
    'It was given up while the host could not be reached; the command may still run there. There is no route to web-1. Look on the host what became of it.',
  ],
]

test.each(tries)(
  'who gives a task up during %s is told that, and no fault of Farglass',
  async (_when, answers, message) => {
    const store = createMemoryStore()
    await using first = startRunService(silentHosts([]), store)
    const { id } = await first.start(command('sleep 1', { mode: 'durable' }))
    const hosts = silentHosts(answers)
    await using second = startRunService(hosts, store)
    await second.recover('all')
    await until('the host is being reached', () => hosts.waiting() > 0)
    await second.stop(id)
    await second.stop(id)
    const run = await until('it ends', async () => endedOf(await second.get(id)))
    expect(run.tasks).toMatchObject([{ state: 'lost', code: 'connection-lost', message }])
  },
)

test('a fault of Farglass itself is told to the log of the process with its place, and to viewers without it', async () => {
  const told: string[] = []
  const cause = new RangeError('There is no such number.')
  const hosts = silentHosts([new AppError('internal', 'The number cannot be read.', { cause })])
  await using service = startRunService(hosts, createMemoryStore(), {
    say: (text) => told.push(text),
  })
  const { id } = await service.start(command('true'))
  const run = await until('it ends', async () => endedOf(await service.get(id)))
  const message = expect.stringMatching(
    /^The number cannot be read\. Look into the log of "farglass/,
  )
  expect(run.tasks).toMatchObject([{ state: 'failed', code: 'internal', message }])
  expect(told).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Run ${id} on web-1: The number cannot be read\\. Please report it\\.\nRangeError: There is no such number\\.\n +at .*task-runner\\.test\\.ts`,
      ),
    ),
  ])
})

function endedOf(run: Run): Run | undefined {
  return run.state === 'ended' ? run : undefined
}

/** Each try is answered with the next of these errors; then no answer comes, until it is aborted. */
function silentHosts(answers: AppError[]): RemoteHosts & { waiting(): number } {
  let waiting = 0
  return {
    waiting: () => waiting,
    connect: (_request, signal) => {
      const answer = answers.shift()
      if (answer !== undefined) return Promise.reject(answer)
      waiting += 1
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
