import { expect, test } from 'vitest'
import { keepsAll } from '../../shared/retention.ts'
import { isoTime } from '../../shared/time.ts'
import { savedCommandType } from '../saved-commands/saved-record.ts'
import { createMemoryStore } from '../store/memory-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import { chooseForRemoval } from './choose-for-removal.ts'
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
  const policy = { ...keepsAll, ageMs: 60_000, rowAgeMs: 120_000 }
  const ended = {
    id: 'a',
    createdAt: isoTime(0),
    endedAt: isoTime(0),
    pinned: false,
    hasLines: true,
  }
  const runs = ['damaged', 'other'].map((saved) => ({ ...ended, bytes: 1, saved, id: saved }))
  const choice = chooseForRemoval(runs, await withSavedBounds(policy, records), 300_000)
  expect(choice).toEqual({ lines: [], rows: ['other'] })
})
