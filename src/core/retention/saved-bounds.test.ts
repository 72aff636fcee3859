import { expect, test } from 'vitest'
import { keepsAll } from '../../shared/retention.ts'
import { savedCommandType } from '../saved-commands/saved-record.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import { withSavedBounds } from './saved-bounds.ts'

test('runs of a saved command are kept as long as it says, unless the policy has a rule for it', async () => {
  const { records } = createMemoryStore()
  const saved = new TypedRecords(records, savedCommandType)
  const source = { kind: 'command', command: 'true' } as const
  await saved.put('backup', { name: 'backup', source, keepDays: 2 })
  await saved.put('deploy', { name: 'deploy', source, keepDays: 30 })
  await saved.put('disk', { name: 'disk', source })
  const rule = { name: 'deploy', ageMs: null, runsMax: 5 }
  const policy = await withSavedBounds({ ...keepsAll, saved: [rule] }, records)
  expect(policy.saved).toEqual([rule, { name: 'backup', ageMs: 2 * 86_400_000, runsMax: null }])
})

test('runs of a saved command that cannot be read are kept: how long it wants them is not known', async () => {
  const { records } = createMemoryStore()
  await records.put({ kind: 'saved-command', name: 'damaged', body: '{' })
  const policy = await withSavedBounds({ ...keepsAll, ageMs: 60_000 }, records)
  expect(policy.saved).toEqual([{ name: 'damaged', ageMs: null, runsMax: null }])
})
