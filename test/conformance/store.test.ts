/** The stores of Farglass against what every store promises. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import { testProgress } from './progress.conformance.ts'
import { type TestedStore, testStore } from './store.conformance.ts'
import { testStoreAgainstModel } from './store-model.conformance.ts'

const stores: Record<string, () => Promise<TestedStore>> = {
  memory: async () => createMemoryStore(),
  'sqlite, sync full': () => openInNewDirectory('full'),
  'sqlite, sync interval': () => openInNewDirectory('interval'),
}

for (const [name, open] of Object.entries(stores)) {
  testStore(name, open)
  testProgress(name, open)
  testStoreAgainstModel(name, open)
}

async function openInNewDirectory(sync: 'full' | 'interval'): Promise<TestedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'farglass-store-'))
  const store = await openSqliteStore({ directory, sync })
  return {
    ...store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
