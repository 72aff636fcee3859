/** A store that takes no more lines: the run says so, never succeeds by it, and its end is stored later. */
import { afterEach, expect, test } from 'vitest'
import type { LocalRunService } from '../../src/core/runs/create-run-service.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { AppError } from '../../src/shared/errors.ts'
import type { Run, RunId } from '../../src/shared/run.ts'
import { localHosts } from '../support/local-hosts.ts'
import { command, linesOf, startRunService } from '../support/run-service.ts'
import { until } from '../support/until.ts'

const services: LocalRunService[] = []
afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.close()))
})

function newService() {
  const disk = diskOf(createMemoryStore())
  const service = startRunService(localHosts(), disk.store)
  services.push(service)
  return { service, disk }
}

/** Follows to the end: the texts seen, and the run as its end shows it. */
async function watch(service: LocalRunService, id: RunId) {
  const seen: string[] = []
  let end: Run | undefined
  for await (const item of service.follow(id, 0, new AbortController().signal)) {
    seen.push(...linesOf(item).map(([channel, text]) => `${channel} ${text}`))
    if (item.kind === 'end') end = item.run
  }
  return { seen, end }
}

test('output that could not be stored makes the task lost with the reason, not succeeded', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo ok'))
  disk.fill()
  const { seen, end } = await watch(service, id)
  expect(seen).not.toContain('out ok')
  expect(end).toMatchObject({ state: 'ended', outcome: 'lost' })
  expect(end?.tasks[0]).toMatchObject({ state: 'lost', code: 'store-failed' })
  expect(end?.tasks[0]?.message).toContain('The disk is full.')
})

test('a run is cut off where the disk was full, and its end and reason are stored once there is room', async () => {
  const { service, disk } = newService()
  const { id } = await service.start(command('echo one; sleep 60'))
  await until('the first line is stored', async () => (await service.get(id)).lines === 1)
  disk.fill()
  await service.stop(id)
  const { seen, end } = await watch(service, id)
  expect(seen).toContain('out one')
  expect(end).toMatchObject({ state: 'ended', lines: 1 })
  expect(end?.tasks[0]).toMatchObject({ state: 'lost', code: 'store-failed' })
  expect((await service.list({ limit: 1 }))[0]).toMatchObject({ state: 'ended' })

  disk.makeRoom()
  await until(
    'the end is stored',
    async () => (await disk.store.catalog.get(id))?.state === 'ended',
  )
  const later = await watch(service, id)
  expect(later.seen.at(-1)).toMatch(/^note lost: .*The disk is full\./)
  expect(later.end?.tasks[0]).toMatchObject({ state: 'lost', code: 'store-failed' })
})

/** The reference store on a disk that can be full. */
function diskOf(inner: MemoryStore) {
  let isFull = false
  const unlessFull = <Args extends readonly unknown[], Result>(
    write: (...args: Args) => Promise<Result>,
  ) => {
    return async (...args: Args): Promise<Result> => {
      if (isFull) throw new AppError('store-failed', 'The disk is full.')
      return write(...args)
    }
  }
  const { log, catalog } = inner
  const store: Pick<MemoryStore, 'log' | 'catalog'> = {
    log: {
      append: unlessFull((batch) => log.append(batch)),
      read: (...args) => log.read(...args),
      bounds: (run) => log.bounds(run),
      drop: unlessFull((run) => log.drop(run)),
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    },
    catalog: {
      create: unlessFull((...args) => catalog.create(...args)),
      get: (id) => catalog.get(id),
      list: (query) => catalog.list(query),
      save: unlessFull((change) => catalog.save(change)),
      unfinished: () => catalog.unfinished(),
      acquire: unlessFull((...args) => catalog.acquire(...args)),
    },
  }
  return {
    store,
    fill() {
      isFull = true
    },
    makeRoom() {
      isFull = false
    },
  }
}
