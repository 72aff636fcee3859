import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { matchesWhole } from '../../shared/parameter-value.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import type { RecordStore } from '../store/record-store.ts'
import { importDocuments } from './import-documents.ts'

const documents = ['backup', 'deploy', 'disk'].map((name) => ({
  value: { name, source: { kind: 'command', command: 'true' } },
  lineOf: () => 1,
}))

/** A store that is away from the n-th change on, for so many changes. */
function failing(from: number, changes: number): RecordStore {
  const { records } = createMemoryStore()
  let count = 0
  const change = async <T>(act: () => Promise<T>): Promise<T> => {
    count += 1
    if (count < from || count >= from + changes) return act()
    throw new AppError('store-busy', 'The store is away.')
  }
  return {
    list: (kind) => records.list(kind),
    get: (kind, name) => records.get(kind, name),
    put: (record) => change(() => records.put(record)),
    remove: (kind, name, version) => change(() => records.remove(kind, name, version)),
  }
}

test('what is stored of several documents is taken back when the store goes away in the middle', async () => {
  const records = failing(3, 1)
  const done = importDocuments(documents, { records, matches: matchesWhole })
  await expect(done).rejects.toMatchObject({ code: 'store-busy', message: 'The store is away.' })
  expect(await records.list('saved-command')).toEqual([])
})

test('what could not be taken back is named', async () => {
  const records = failing(3, 2)
  const done = importDocuments(documents, { records, matches: matchesWhole })
  const message = /^The store is away\. .* could not be taken back: "backup"\.$/
  await expect(done).rejects.toMatchObject({ message: expect.stringMatching(message) })
  expect((await records.list('saved-command')).map(({ name }) => name)).toEqual(['backup'])
})
