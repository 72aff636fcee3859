/** The nodes of Farglass, and the bells between them, against what each promises. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { randomName } from '../../src/adapters/system/ids.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createPollingRunWatch } from '../../src/core/nodes/polling-run-watch.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { RedisNodesKit } from '../support/redis-nodes-kit.ts'
import { testNodes, testWatch } from './nodes.conformance.ts'

testNodes('memory', async () => {
  const nodes = createMemoryNodes()
  return {
    join: async () => nodes.join(randomName(8)),
    kill: (node) => nodes.kill(node.own),
    [Symbol.asyncDispose]: async () => {},
  }
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

for (const cluster of [false, true]) {
  testWatch(cluster ? 'redis cluster' : 'redis', async () => {
    const kit = await RedisNodesKit.start({ cluster })
    const [own, other] = [await kit.place(), await kit.place()]
    return {
      store: own.store,
      own: own.watch,
      other: other.watch,
      tells: true,
      [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
    }
  })
}

testNodes('redis', async () => {
  const kit = await RedisNodesKit.start()
  return {
    join: () => kit.join(),
    kill: (node) => kit.kill(node),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  }
})
