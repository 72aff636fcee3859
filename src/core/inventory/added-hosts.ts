/** Hosts that people add by page, command line or API: documents of the store. */
import { AppError } from '../../shared/errors.ts'
import { hostNamePattern } from '../../shared/inventory.ts'
import type { AddedHost } from '../../shared/protocol/host-requests.ts'
import type { RecordStore } from '../store/record-store.ts'
import type { KnownHosts } from './inventory.ts'

export interface AddedHosts {
  read(): Promise<KnownHosts>
  /** Adds it, or changes what was said of it before. Rejects with `bad-target` for a name that is none. */
  put(name: string, host: AddedHost): Promise<void>
  /** Rejects with `not-found`. */
  remove(name: string): Promise<void>
}

export function createAddedHosts(records: RecordStore): AddedHosts {
  return {
    read: async () => {
      const stored = await records.list('host')
      if (stored.length === 0) return { hosts: [], groups: [], complaints: [] }
      // Most commands have no use for schemas, and start sooner without them.
      const { hostRequestSchema } = await import('../../shared/protocol/host-requests.ts')
      const hosts = stored.map(({ name, body }) => ({
        name,
        ...hostRequestSchema.parse(JSON.parse(body)),
        sources: [{ kind: 'added' as const }],
      }))
      return { hosts, groups: [], complaints: [] }
    },
    put: async (name, host) => {
      if (!hostNamePattern.test(name)) {
        throw new AppError('bad-target', `"${name.slice(0, 100)}" is not the name of a host.`, {
          hint: 'A name takes letters, digits, "_", "." and "-"; user and port go into its destination.',
        })
      }
      await records.put({ kind: 'host', name, body: JSON.stringify(host) })
    },
    remove: async (name) => {
      if (await records.remove('host', name)) return
      throw new AppError('not-found', `No host "${name.slice(0, 100)}" was added here.`, {
        hint: 'What ssh_config or an inventory file names is removed there.',
      })
    },
  }
}
