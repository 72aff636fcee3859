/** How long saved commands say themselves that their runs are kept. */
import { forGoodMs, type RetentionPolicy, type SavedBounds } from '../../shared/retention.ts'
import { savedCommandType } from '../saved-commands/saved-record.ts'
import type { RecordStore } from '../store/record-store.ts'
import { TypedRecords } from '../store/typed-records.ts'

/**
 * The policy with a rule for each of them; one that the policy has already counts. What a command that
 * cannot be read says is not known, so its runs are kept.
 */
export async function withSavedBounds(
  policy: RetentionPolicy,
  records: RecordStore,
): Promise<RetentionPolicy> {
  const { items, unreadable } = await new TypedRecords(records, savedCommandType).list()
  const own = items.flatMap(({ name, value: { keepDays } }): readonly SavedBounds[] =>
    keepDays === undefined ? [] : [{ name, ageMs: keepDays * dayMs, runsMax: null }],
  )
  const unknown = unreadable.map(
    ({ name }): SavedBounds => ({ name, ageMs: forGoodMs, runsMax: null }),
  )
  const named = new Set(policy.saved.map(({ name }) => name))
  const added = [...own, ...unknown].filter(({ name }) => !named.has(name))
  return { ...policy, saved: [...policy.saved, ...added] }
}

const dayMs = 24 * 3_600_000
