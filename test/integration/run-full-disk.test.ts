/** A store that takes no more lines: a full disk holds the run back until there is room, any other fault ends it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Run, RunId } from '../../src/shared/run.ts'
import { localHosts } from '../support/local-hosts.ts'
import { isAlive } from '../support/proc.ts'
import { command, linesOf, startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

const services: LocalRunService[] = []
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()))
})

const full = new AppError('disk-full', 'The disk is full.', { hint: 'Make room.' })
const broken = new AppError('store-failed', 'The disk did not confirm a write.')

function newService() {
  const disk = diskOf(createMemoryStore())
  const service = startRunService(localHosts(), disk.store)
  services.push(service)
  return { service, disk }
}

/** Follows to the end: the texts seen so far, and the run as its end shows it. */
function watch(service: LocalRunService, id: RunId) {
  const seen: string[] = []
  const follow = async (): Promise<Run | undefined> => {
    for await (const item of service.follow(id, 0, new AbortController().signal)) {
      seen.push(...linesOf(item).map(([channel, text]) => `${channel} ${text}`))
      if (item.kind === 'end') return item.run
    }
    return undefined
  }
  return { seen, end: follow() }
}

/** Waits until the run says that it is held back. */
async function untilPaused(service: LocalRunService, id: RunId): Promise<Run> {
  return until('the run is paused', async () => {
    const run = await service.get(id)
    return run.paused !== null && run
  })
}

test('a full disk pauses a run, which says so, and goes on without a line lost or doubled', async () => {
  const { service, disk } = newService()
  const gate = join(newDirectory(), 'gate')
  const wait = (at: number) => `while [ ! -e ${gate}${at} ]; do sleep 0.05; done`
  const { id } = await service.start(
    command(`seq 1 20000; ${wait(1)}; seq 20001 40000; ${wait(2)}; seq 40001 60000`),
  )
  const { seen, end } = watch(service, id)
  for (const at of [1, 2]) {
    await until('the lines before the gate are shown', () => seen.includes(`out ${at * 20_000}`))
    disk.fail(full)
    writeFileSync(`${gate}${at}`, '')
    const held = await untilPaused(service, id)
    expect(held).toMatchObject({ state: 'running', paused: 'The disk is full. Make room.' })
    expect(seen).not.toContain(`out ${at * 20_000 + 1}`)
    disk.makeRoom()
    await until('the run goes on', async () => (await service.get(id)).paused === null)
  }
  expect(await end).toMatchObject({ state: 'ended', outcome: 'succeeded', paused: null })
  const out = seen.filter((line) => line.startsWith('out '))
  expect(out).toEqual(Array.from({ length: 60_000 }, (_, index) => `out ${index + 1}`))
  const resumed = /^note resumed after [0-9.]+ s: the disk of Farglass was full$/
  expect(seen.filter((line) => resumed.test(line))).toHaveLength(2)
})

test('while the disk is full the command is held back, and what waits is bounded', async () => {
  const { service, disk } = newService()
  disk.failAfter(200, full)
  const { id } = await service.start(command('yes 0123456789'))
  await untilPaused(service, id)
  const before = process.memoryUsage().arrayBuffers
  await until('the store is asked again', () => disk.refusals() >= 3)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  disk.makeRoom()
  await service.stop(id)
})

test('a run that is stopped while the disk is full ends on its host at once, in the store when there is room', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo $$; sleep 60'))
  const { seen, end } = watch(service, id)
  const pid = await until('its number is stored', () =>
    seen.find((line) => /^out [0-9]+$/.test(line))?.slice(4),
  )
  disk.fail(full)
  await service.stop(id)
  await until('the command is gone', () => !isAlive(Number(pid)))
  await untilPaused(service, id)
  expect((await service.get(id)).state).toBe('stopping')
  expect((await disk.store.catalog.get(id))?.state).not.toBe('ended')
  disk.makeRoom()
  expect(await end).toMatchObject({ state: 'ended', outcome: 'stopped', paused: null })
  expect(await disk.store.catalog.get(id)).toMatchObject({ state: 'ended', outcome: 'stopped' })
  expect(seen.some((line) => line.startsWith('note stopped: '))).toBe(true)
})

test('a service that closes waits for room no longer, and its run says why it was cut off', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo one; sleep 60'))
  const { seen, end } = watch(service, id)
  await until('the first line is stored', () => seen.includes('out one'))
  disk.fail(full)
  await service.stop(id)
  await untilPaused(service, id)
  await service.close()
  expect((await end)?.tasks[0]).toMatchObject({ state: 'lost', code: 'disk-full' })
  // The next start finds it unfinished.
  expect((await disk.store.catalog.get(id))?.state).not.toBe('ended')
})

test('output that can never be stored makes the task lost with the reason, not succeeded', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo ok'))
  disk.fail(broken)
  const { seen, end } = watch(service, id)
  expect(await end).toMatchObject({ state: 'ended', outcome: 'lost' })
  expect(seen).not.toContain('out ok')
  expect((await end)?.tasks[0]).toMatchObject({ state: 'lost', code: 'store-failed' })
  expect((await end)?.tasks[0]?.message).toContain('The disk did not confirm a write.')
})

test('the end of such a run is stored with its reason should the store take it later', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo one; sleep 60'))
  const first = watch(service, id)
  await until('the first line is stored', () => first.seen.includes('out one'))
  disk.fail(broken)
  await service.stop(id)
  expect(await first.end).toMatchObject({ state: 'ended', lines: 1 })
  expect((await service.list({ limit: 1 }))[0]).toMatchObject({ state: 'ended' })

  disk.makeRoom()
  await until(
    'the end is stored',
    async () => (await disk.store.catalog.get(id))?.state === 'ended',
  )
  const later = watch(service, id)
  expect((await later.end)?.tasks[0]).toMatchObject({ state: 'lost', code: 'store-failed' })
  expect(later.seen.at(-1)).toMatch(/^note lost: .*The disk did not confirm a write\./)
})

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'farglass-full-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The reference store on a disk that can fail. */
function diskOf(inner: MemoryStore) {
  let failure: AppError | undefined
  let writesLeft = Number.POSITIVE_INFINITY
  let later: AppError | undefined
  let refused = 0
  const unlessFailed = <Args extends readonly unknown[], Result>(
    write: (...args: Args) => Promise<Result>,
  ) => {
    return async (...args: Args): Promise<Result> => {
      writesLeft -= 1
      if (writesLeft < 0) failure ??= later
      if (failure === undefined) return write(...args)
      refused += 1
      throw failure
    }
  }
  const { log, catalog } = inner
  const store: Pick<MemoryStore, 'log' | 'catalog'> = {
    log: {
      append: unlessFailed((batch) => log.append(batch)),
      read: (...args) => log.read(...args),
      bounds: (run) => log.bounds(run),
      drop: unlessFailed((run) => log.drop(run)),
      hotBounds: (run) => log.hotBounds(run),
      hotBytes: (run) => log.hotBytes(run),
      trim: unlessFailed((...args) => log.trim(...args)),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    },
    catalog: {
      create: unlessFailed((...args) => catalog.create(...args)),
      get: (id) => catalog.get(id),
      list: (query) => catalog.list(query),
      listed: (query) => catalog.listed(query),
      lastRuns: (limit) => catalog.lastRuns(limit),
      save: unlessFailed((change) => catalog.save(change)),
      remove: unlessFailed((id) => catalog.remove(id)),
      unfinished: () => catalog.unfinished(),
      keep: (id, change) => catalog.keep(id, change),
      marks: (id) => catalog.marks(id),
      mark: unlessFailed((...args) => catalog.mark(...args)),
      acquire: unlessFailed((...args) => catalog.acquire(...args)),
    },
  }
  return {
    store,
    /** Writes that were refused so far. */
    refusals: () => refused,
    fail(error: AppError) {
      failure = error
    },
    failAfter(writes: number, error: AppError) {
      writesLeft = writes
      later = error
    },
    makeRoom() {
      failure = undefined
      writesLeft = Number.POSITIVE_INFINITY
    },
  }
}
