import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { AppError, toAppError } from '../../src/shared/errors.ts'
import { limits } from '../../src/shared/limits.ts'
import type { Run } from '../../src/shared/run.ts'
import { localHosts } from '../support/local-hosts.ts'
import { command, linesOf, startRunService } from '../support/run-service.ts'
import { sampleRun } from '../support/sample-run.ts'
import { until } from '../support/until.ts'

const services: LocalRunService[] = []
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()))
})

function newService(onConnect?: Parameters<typeof localHosts>[0], store = createMemoryStore()) {
  const service = startRunService(localHosts(onConnect), store)
  services.push(service)
  return { service, store }
}

interface Seen {
  readonly lines: [channel: string, text: string][]
  readonly items: FeedItem[]
  readonly run: Run
}

/** Follows to the end; `on` may act on what it sees. */
async function follow(service: LocalRunService, id: string, on?: (item: FeedItem) => unknown) {
  const seen: Seen['lines'] = []
  const items: FeedItem[] = []
  for await (const item of service.follow(id, 0, new AbortController().signal)) {
    items.push(item)
    await on?.(item)
    seen.push(...linesOf(item))
  }
  return { lines: seen, items, run: await service.get(id) } satisfies Seen
}

/** The question that a viewer sees, in the first event or in a later one. */
function asked(item: FeedItem) {
  if (item.kind === 'run') return item.run.tasks[0]?.question ?? null
  return item.kind === 'task' ? item.task.question : null
}

describe('a run', () => {
  test('gives stdout and stderr as whole lines with their channel, notes, and the exit code last', async () => {
    const { service } = newService()
    const { id } = await service.start(command('echo one; echo two >&2; printf three; exit 7'))
    const { lines, run } = await follow(service, id)
    const byChannel = (channel: string) =>
      lines.filter(([of]) => of === channel).map(([, text]) => text)
    expect(byChannel('out')).toEqual(['one', 'three'])
    expect(byChannel('err')).toEqual(['two'])
    expect(byChannel('note')[0]).toBe('connected to web-1')
    expect(lines.at(-1)?.[1]).toMatch(/^exited 7 after /)
    expect(run).toMatchObject({ state: 'ended', outcome: 'failed', lines: 3, next: 5 })
    expect(run.tasks[0]).toMatchObject({ state: 'ended', exitCode: 7, outBytes: 9, errBytes: 4 })
  })

  test('seed-13-no-end: ends with an event, also when there was no output at all', async () => {
    const { service } = newService()
    const { id } = await service.start(command('true'))
    const { items } = await follow(service, id)
    expect(items.at(-1)).toMatchObject({ kind: 'end', run: { outcome: 'succeeded', lines: 0 } })
  })

  test('keeps every line of a long output in order, for viewers who come early and late', async () => {
    const { service } = newService()
    const { id } = await service.start(command('seq 1 200000'))
    const early = follow(service, id)
    const late = follow(service, (await early).run.id)
    for (const { lines } of [await early, await late]) {
      const out = lines.filter(([channel]) => channel === 'out')
      expect(out.length).toBe(200_000)
      expect(out.every(([, text], at) => text === String(at + 1))).toBe(true)
    }
  })

  test('seed-06-partial-line: shows a prompt without waiting for its newline', async () => {
    const { service } = newService()
    const { id } = await service.start(command('printf "Password: "; sleep 60'))
    const { items } = await follow(service, id, (item) =>
      item.kind === 'partial' ? service.stop(id) : undefined,
    )
    expect(items).toContainEqual({ kind: 'partial', task: 0, channel: 'out', text: 'Password: ' })
  })

  test('seed-17-endless-run: stops with proof that nothing is left, and says who is gone', async () => {
    const { service } = newService()
    const { id } = await service.start(command('sleep 600 & echo up; sleep 601'))
    const { lines, run } = await follow(service, id, (item) =>
      item.kind === 'frame' && item.groups.some((group) => group.channel === 'out')
        ? service.stop(id)
        : undefined,
    )
    expect(lines.map(([, text]) => text)).toContainEqual(
      expect.stringMatching(/^stopped: \d+ processes gone/),
    )
    expect(run).toMatchObject({ state: 'ended', outcome: 'stopped' })
    expect(run.tasks[0]?.signal).toBe('TERM')
  })

  test('ends as failed with a sentence when the host cannot be reached', async () => {
    const { service } = newService(async () => {
      throw new AppError('connection-refused', 'web-1 port 22 refused the connection.')
    })
    const { id } = await service.start(command('true'))
    const { lines, run } = await follow(service, id)
    expect(lines).toEqual([
      [
        'note',
        expect.stringMatching(/^failed: web-1 port 22 refused the connection\. Check the port/),
      ],
    ])
    expect(run.tasks[0]).toMatchObject({ state: 'failed', code: 'connection-refused' })
    expect(run.outcome).toBe('failed')
  })

  test('asks a person, takes one answer, and goes on', async () => {
    const answers: unknown[] = []
    const { service } = newService(async ({ ask }, signal) => {
      const question = {
        kind: 'secret',
        ask: 'password',
        prompt: 'Password:',
        echo: false,
        refused: 0,
      }
      answers.push(await ask({ ...question } as Parameters<typeof ask>[0], signal))
    })
    const { id } = await service.start(command('echo in'))
    const { items } = await follow(service, id, async (item) => {
      const question = asked(item)
      if (question === null) return
      const late = { kind: 'secret', question: question.id + 1, secret: 'no' } as const
      await expect(service.answer(id, 0, late)).rejects.toThrow('not open any more')
      await service.answer(id, 0, { kind: 'secret', question: question.id, secret: 'yes' })
    })
    expect(answers).toEqual([{ kind: 'secret', question: 1, secret: 'yes' }])
    expect(items.at(-1)).toMatchObject({ run: { outcome: 'succeeded' } })
  })

  test('can be stopped while it waits for an answer', async () => {
    const { service } = newService(async ({ ask }, signal) => {
      const question = {
        kind: 'secret',
        ask: 'password',
        prompt: 'Password:',
        echo: false,
        refused: 0,
      }
      await ask({ ...question } as Parameters<typeof ask>[0], signal)
    })
    const { id } = await service.start(command('echo in'))
    const { run } = await follow(service, id, (item) =>
      asked(item) === null ? undefined : service.stop(id),
    )
    expect(run).toMatchObject({ outcome: 'stopped' })
    expect(run.tasks[0]).toMatchObject({
      state: 'failed',
      code: 'stopped-before-start',
      question: null,
    })
  })

  test('runs on every host of its target, within the fan-out', async () => {
    let now = 0
    let most = 0
    const { service } = newService(async () => {
      now += 1
      most = Math.max(most, now)
      await systemClock.sleep(20)
      now -= 1
    })
    const target = Array.from({ length: 9 }, (_, at) => `web-${at}`).join(',')
    const { id } = await service.start(command('echo hi', { target, fanout: 3 }))
    const { lines, run } = await follow(service, id)
    expect(lines.filter(([channel]) => channel === 'out').length).toBe(9)
    expect(run.tasks.map((task) => task.exitCode)).toEqual(Array.from({ length: 9 }, () => 0))
    expect(most).toBe(3)
  })

  test('of a process that is gone is lost with a reason, and its writer is fenced off', async () => {
    const first = newService()
    const { id } = await first.service.start(command('echo before; sleep 600'))
    const following = follow(first.service, id)
    const second = newService(undefined, first.store)
    for (;;) {
      if ((await first.service.get(id)).lines > 0) break
      await systemClock.sleep(10)
    }
    await second.service.recover('all')
    const { lines, run } = await follow(second.service, id)
    expect(lines.map(([channel]) => channel)).toEqual(['note', 'out', 'note'])
    expect(lines.at(-1)?.[1]).toMatch(/^lost: Farglass itself was stopped/)
    expect(run).toMatchObject({ state: 'ended', outcome: 'lost', epoch: 2 })
    await first.service.stop(id)
    await following
    expect((await second.service.get(id)).next).toBe(run.next)
  })

  test('of a process that was gone before the start does not say that the command ran', async () => {
    const first = newService((_request, signal) => systemClock.sleep(600_000, signal))
    const { id } = await first.service.start(command('echo never'))
    const second = newService(undefined, first.store)
    await second.service.recover('all')
    const { lines, run } = await follow(second.service, id)
    expect(lines).toEqual([
      ['note', expect.stringMatching(/^lost: .* before it heard .* whether it ran is not known\./)],
    ])
    expect(run.tasks[0]).toMatchObject({ state: 'lost', startedAt: null })
  })

  test('of a process that is gone is taken over once, however many ask for it at once', async () => {
    const never = (_: unknown, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(toAppError(signal.reason)))
      })
    const { service, store } = newService(never)
    const run = sampleRun({ mode: 'durable' })
    await store.catalog.create(run, 'gone')
    const leave = new AbortController()
    const firsts = [1, 2, 3].map(() =>
      service.follow(run.id, 0, leave.signal)[Symbol.asyncIterator](),
    )
    await Promise.all([service.recover('all'), ...firsts.map((items) => items.next())])
    leave.abort()
    expect(await store.catalog.get(run.id)).toMatchObject({ epoch: 2, state: 'running' })
    expect((await service.get(run.id)).epoch).toBe(2)
  })

  test('of another process on the same data can be followed to its end', async () => {
    const first = newService()
    await using second = startRunService(localHosts(), first.store, { othersLive: true })
    const { id } = await first.service.start(command('for i in 1 2 3; do echo $i; sleep 0.3; done'))
    const { lines, items } = await follow(second, id)
    expect(lines.filter(([channel]) => channel === 'out').map(([, text]) => text)).toEqual([
      '1',
      '2',
      '3',
    ])
    expect(items.at(-1)?.kind).toBe('end')
  })
})

describe('the run service', () => {
  test('refuses a run that it does not know, with one answer', async () => {
    const { service } = newService()
    const unknown = `r${'0'.repeat(25)}`
    for (const call of [service.get(unknown), service.stop(unknown), service.read(unknown, 0, 1)]) {
      await expect(call).rejects.toMatchObject({ code: 'not-found' })
    }
    await expect(follow(service, unknown)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('stops its runs when it closes, and starts none after', async () => {
    const { service } = newService()
    const { id } = await service.start(command('echo up; sleep 600'))
    const seen = follow(service, id, (item) => {
      if (item.kind === 'frame' && item.next > 1) void service.close()
    })
    expect((await seen).run).toMatchObject({ outcome: 'stopped' })
    await expect(service.start(command('true'))).rejects.toMatchObject({ code: 'shutting-down' })
  })

  test('starts a command once for one idempotency key', async () => {
    const { service } = newService()
    const key = { key: 'k1', digest: 'd1' }
    const first = await service.start({ ...command('echo hi'), key })
    const again = await service.start({ ...command('echo hi'), key })
    expect(again.id).toBe(first.id)
    const other = service.start({ ...command('echo ho'), key: { key: 'k1', digest: 'd2' } })
    await expect(other).rejects.toMatchObject({ code: 'idempotency-conflict' })
    await follow(service, first.id)
    expect((await service.list({ limit: 10 })).length).toBe(1)
  })

  test('over the limit of runs they wait, and over that of waiting ones they are refused', async () => {
    const { service } = newService((_request, signal) => systemClock.sleep(600_000, signal))
    const start = () => service.start(command('true'))
    for (let count = 0; count < limits.runsActiveMax; count++) await start()
    const { id } = await start()
    for (let count = 1; count < limits.runsQueuedMax; count++) await start()
    await expect(start()).rejects.toMatchObject({ code: 'too-many-runs' })
    expect((await service.get(id)).state).toBe('queued')
    const [newest] = await service.list({ limit: 1, states: ['running'] })
    if (newest !== undefined) await service.stop(newest.id)
    await until('the first one that waited runs', async () => {
      return (await service.get(id)).state === 'running'
    })
  })
})

test('a command that no host can get as it is starts nothing, whoever asks', async () => {
  const { service } = newService()
  for (const text of ['', 'echo a\0b', 'x'.repeat(limits.commandBytesMax + 1)]) {
    const starting = service.start(command(text))
    await expect(starting).rejects.toMatchObject({ code: 'bad-command' })
  }
  expect(await service.list({ limit: 1 })).toEqual([])
})

describe('a source that is followed', () => {
  const good = { kind: 'files', paths: ['/var/log/a'] } as const

  test('that no host can get as it is starts nothing, whoever asks', async () => {
    const { service } = newService()
    const source = { kind: 'files', paths: ['/a\nb'] } as const
    const starting = service.start({ request: { target: 'web-1', source } })
    await expect(starting).rejects.toMatchObject({
      code: 'bad-source',
      message: 'The path "/a␊b" holds a newline.',
    })
  })

  test('has no mode to choose, and nothing to merge', async () => {
    const { service } = newService()
    for (const more of [{ mode: 'pty' }, { merged: true }] as const) {
      const starting = service.start({ request: { target: 'web-1', source: good, ...more } })
      await expect(starting).rejects.toThrow('Only a command has a mode or can be merged.')
    }
  })
})
