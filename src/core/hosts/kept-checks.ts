/** What the last check of each host has found: documents of the store. */
import { toAppError } from '../../shared/errors.ts'
import type { HostCheck, KeptCheck } from '../../shared/protocol/hosts.ts'
import type { RecordStore } from '../store/record-store.ts'
import { type RecordType, TypedRecords } from '../store/typed-records.ts'

export interface KeptChecks {
  /** By name of the host; none of one whose check cannot be read. */
  read(): Promise<ReadonlyMap<string, KeptCheck>>
  keep(check: HostCheck): Promise<void>
}

export function createKeptChecks(records: RecordStore): KeptChecks {
  const checks = new TypedRecords(records, checkType)
  return {
    read: async () => new Map((await checks.list()).items.map(({ name, value }) => [name, value])),
    keep: async ({ name, steps: _steps, ...kept }) => {
      try {
        await checks.put(name, kept)
      } catch (thrown) {
        // Whoever checks more names than are kept hears what was found all the same.
        if (toAppError(thrown).code !== 'conflict') throw thrown
      }
    },
  }
}

/** By the name of the host. */
const checkType: RecordType<KeptCheck> = {
  kind: 'host-check',
  noun: 'check of the host',
  schema: async () => (await import('../../shared/protocol/host-requests.ts')).keptCheckSchema,
}
