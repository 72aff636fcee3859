import { expect, test } from 'vitest'
import { keepsAll } from '../../shared/retention.ts'
import { recordOf } from '../saved-commands/stored-body.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { withSavedBounds } from './saved-bounds.ts'

test('runs of a saved command are kept as long as it says, unless the policy has a rule for it', async () => {
  const { records } = createMemoryStore()
  const source = { kind: 'command', command: 'true' } as const
  await records.put(recordOf({ name: 'backup', source, keepDays: 2 }))
  await records.put(recordOf({ name: 'deploy', source, keepDays: 30 }))
  await records.put(recordOf({ name: 'disk', source }))
  await records.put({ kind: 'saved-command', name: 'damaged', body: '{' })
  const rule = { name: 'deploy', ageMs: null, runsMax: 5 }
  const { saved } = await withSavedBounds({ ...keepsAll, saved: [rule] }, records)
  expect(saved).toEqual([rule, { name: 'backup', ageMs: 2 * 86_400_000, runsMax: null }])
})
