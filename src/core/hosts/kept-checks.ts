/** What the last check of each host has found: documents of the store. */
import { toAppError } from '../../shared/errors.ts'
import type { HostCheck, KeptCheck } from '../../shared/protocol/hosts.ts'
import type { RecordStore } from '../store/record-store.ts'

export interface KeptChecks {
  /** By name of the host. */
  read(): Promise<ReadonlyMap<string, KeptCheck>>
  keep(check: HostCheck): Promise<void>
}

export function createKeptChecks(records: RecordStore): KeptChecks {
  return {
    read: async () => {
      const stored = await records.list('host-check')
      if (stored.length === 0) return new Map()
      // Whoever only asks what a target names has no use for schemas.
      const { keptCheckSchema } = await import('../../shared/protocol/host-requests.ts')
      return new Map(
        stored.map(({ name, body }) => [name, keptCheckSchema.parse(JSON.parse(body))]),
      )
    },
    keep: async ({ name, steps: _steps, ...kept }) => {
      try {
        await records.put({ kind: 'host-check', name, body: JSON.stringify(kept) })
      } catch (thrown) {
        // Whoever checks more names than are kept hears what was found all the same.
        if (toAppError(thrown).code !== 'conflict') throw thrown
      }
    },
  }
}
