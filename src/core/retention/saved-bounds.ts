/** How long saved commands say themselves that their runs are kept. */
import type { RetentionPolicy, SavedBounds } from '../../shared/retention.ts'
import { commandOf } from '../saved-commands/stored-body.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'

/** The policy with a rule for each of them; one that the policy has already counts. */
export async function withSavedBounds(
  policy: RetentionPolicy,
  records: Pick<RecordStore, 'list'>,
): Promise<RetentionPolicy> {
  const named = new Set(policy.saved.map(({ name }) => name))
  const own = (await records.list('saved-command')).flatMap(boundsOf)
  return { ...policy, saved: [...policy.saved, ...own.filter(({ name }) => !named.has(name))] }
}

/** One that cannot be read keeps nothing of the others from being removed. */
function boundsOf(record: StoredRecord): readonly SavedBounds[] {
  try {
    const { name, keepDays } = commandOf(record)
    return keepDays === undefined ? [] : [{ name, ageMs: keepDays * dayMs, runsMax: null }]
  } catch {
    return []
  }
}

const dayMs = 24 * 3_600_000
