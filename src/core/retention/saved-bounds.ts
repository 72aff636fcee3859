/** How long saved commands say themselves that their runs are kept. */
import type { RetentionPolicy, SavedBounds } from '../../shared/retention.ts'
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
  const unknown = unreadable.map(({ name }): SavedBounds => ({ name, ...forGood }))
  const named = new Set(policy.saved.map(({ name }) => name))
  const added = [...own, ...unknown].filter(({ name }) => !named.has(name))
  return { ...policy, saved: [...policy.saved, ...added] }
}

/** Not null, which would leave the row of the run, and its lines with that, to the age of rows. */
const forGood = { ageMs: Number.POSITIVE_INFINITY, runsMax: null }
const dayMs = 24 * 3_600_000
