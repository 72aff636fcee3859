/** `farglass doctor`: whether all that people keep under names can be read, and what to do about what cannot. */
import { openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts'
import { alertType } from '../../core/alerts/alert-records.ts'
import { hostType } from '../../core/inventory/added-hosts.ts'
import { policyName, policyType } from '../../core/retention/retention-records.ts'
import { savedCommandType } from '../../core/saved-commands/saved-record.ts'
import { scheduleType } from '../../core/schedules/schedule-records.ts'
import type { RecordStore } from '../../core/store/record-store.ts'
import { type RecordType, TypedRecords } from '../../core/store/typed-records.ts'
import { triggerType } from '../../core/triggers/trigger-records.ts'
import { displayText } from '../../shared/display.ts'
import type { CommandLine } from './command-line.ts'
import { dataDirectoryOf } from './connect.ts'
import type { Finding } from './doctor-checks.ts'

/** Those of the data directory; nothing where its store does not open, which is said of the store. */
export async function checkRecords(line: CommandLine): Promise<readonly Finding[]> {
  const store = await openSqliteStore({
    directory: dataDirectoryOf(line).path,
    sync: 'full',
  }).catch(() => undefined)
  if (store === undefined) return []
  await using open = store
  return await recordFindings(open.records)
}

/** One for each that cannot be read, or one for all. */
export async function recordFindings(records: RecordStore): Promise<readonly Finding[]> {
  const listings = await Promise.all(
    types.map((type) => new TypedRecords<unknown>(records, type).list()),
  )
  const count = listings.reduce((sum, { items }) => sum + items.length, 0)
  const unreadable = listings.flatMap((listing, at) => {
    // Of settings there are others, which Farglass keeps for itself.
    const isPeoples = (name: string) => types[at] !== policyType || name === policyName
    return listing.unreadable.filter(({ name }) => isPeoples(name))
  })
  if (unreadable.length > 0) {
    return unreadable.map(({ message, hint }) => {
      return { ok: false, text: displayText(message), hint: displayText(hint) }
    })
  }
  const what = 'saved commands, alerts, schedules, triggers, added hosts, retention'
  const text = count === 0 ? `there are none: ${what}.` : `all ${count} can be read: ${what}.`
  return [{ ok: true, text }]
}

const types: readonly RecordType<unknown>[] = [
  savedCommandType,
  alertType,
  scheduleType,
  triggerType,
  hostType,
  policyType,
]
