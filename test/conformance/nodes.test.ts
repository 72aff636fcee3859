/** The nodes of Farglass, and the bells between them, against what each promises. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { createMemoryFiringBell } from '../../src/core/nodes/firing-bell.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createPollingRunWatch } from '../../src/core/nodes/polling-run-watch.ts'
import { createMemoryRunWords } from '../../src/core/nodes/run-words.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { startRedisCluster } from '../support/redis-cluster.ts'
import { RedisNodesKit } from '../support/redis-nodes-kit.ts'
import { startRedis } from '../support/redis-server.ts'
import { testFirings, testNodes, testWatch, testWords } from './nodes.conformance.ts'

testNodes('memory', async () => {
  const nodes = createMemoryNodes()
  return {
    join: async () => nodes.join(randomName(8)),
    kill: (node) => nodes.kill(node.own),
    [Symbol.asyncDispose]: async () => {},
  }
})

testWords('memory', async () => {
  const words = createMemoryRunWords()
  return { own: words, other: words, [Symbol.asyncDispose]: async () => {} }
})

testFirings('memory', async () => {
  const bell = createMemoryFiringBell()
  return { own: bell, other: bell, [Symbol.asyncDispose]: async () => {} }
})

testWatch('memory', async () => {
  const store = createMemoryStore()
  const { watch } = store
  return { store, own: watch, other: watch, tells: true, [Symbol.asyncDispose]: async () => {} }
})

testWatch('sqlite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'farglass-store-'))
  const [store, second] = [
    await openSqliteStore({ directory, sync: 'full' }),
    await openSqliteStore({ directory, sync: 'full' }),
  ]
  const watch = createPollingRunWatch(systemClock)
  return {
    store,
    own: watch,
    other: watch,
    tells: false,
    [Symbol.asyncDispose]: async () => {
      for (const one of [store, second]) await one[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
})

/** For all tests, each of which has names of its own there. */
const servers: Record<string, () => Promise<AsyncDisposable & { readonly url: string }>> = {
  redis: startRedis,
  'redis, cluster': startRedisCluster,
}
const started = new Map<string, AsyncDisposable & { readonly url: string }>()

beforeAll(async () => {
  for (const [name, start] of Object.entries(servers)) started.set(name, await start())
})

afterAll(async () => {
  for (const server of started.values()) await server[Symbol.asyncDispose]()
})

function startKit(name: string): RedisNodesKit {
  const server = started.get(name)
  if (server === undefined) throw new Error(`${name} has not been started.`)
  return new RedisNodesKit(server)
}

for (const name of Object.keys(servers)) {
  testWatch(name, async () => {
    const kit = startKit(name)
    const [own, other] = [await kit.place(), await kit.place()]
    return {
      store: own.store,
      own: own.watch,
      other: other.watch,
      tells: true,
      [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
    }
  })

  testWords(name, async () => {
    const kit = startKit(name)
    const [own, other] = [await kit.place(), await kit.place()]
    return {
      own: own.words,
      other: other.words,
      [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
    }
  })

  testFirings(name, async () => {
    const kit = startKit(name)
    const [own, other] = [await kit.place(), await kit.place()]
    return {
      own: own.firings,
      other: other.firings,
      [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
    }
  })

  testNodes(name, async () => {
    const kit = startKit(name)
    return {
      join: () => kit.join(),
      kill: (node) => kit.kill(node),
      [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
    }
  })
}
