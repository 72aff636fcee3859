/** Hosts that people add by page, command line or API: documents of the store. */
import { AppError, sentenceOf } from '../../shared/errors.ts'
import { hostNamePattern } from '../../shared/inventory.ts'
import type { AddedHost } from '../../shared/protocol/host-requests.ts'
import type { RecordStore } from '../store/record-store.ts'
import { type RecordType, removedBy, TypedRecords } from '../store/typed-records.ts'
import type { KnownHosts } from './inventory.ts'

export interface AddedHosts {
  read(): Promise<KnownHosts>
  /** Adds it, or changes what was said of it before. Rejects with `bad-target` for a name that is none. */
  put(name: string, host: AddedHost): Promise<void>
  /** Rejects with `not-found`. */
  remove(name: string): Promise<void>
}

export function createAddedHosts(records: RecordStore): AddedHosts {
  const added = new TypedRecords(records, hostType)
  return {
    read: async () => {
      const { items, unreadable } = await added.list()
      const sources = [{ kind: 'added' as const }]
      return {
        hosts: items.map(({ name, value }) => ({ name, ...value, sources })),
        groups: [],
        complaints: unreadable.map(sentenceOf),
      }
    },
    put: async (name, host) => {
      if (!hostNamePattern.test(name)) {
        throw new AppError('bad-target', `"${name.slice(0, 100)}" is not the name of a host.`, {
          hint: 'A name takes letters, digits, "_", "." and "-"; user and port go into its destination.',
        })
      }
      await added.put(name, host)
    },
    remove: async (name) => {
      if (await added.remove(name)) return
      throw new AppError('not-found', `No host "${name.slice(0, 100)}" was added here.`, {
        hint: 'What ssh_config or an inventory file names is removed there.',
      })
    },
  }
}

/** By its name. */
export const hostType: RecordType<AddedHost> = {
  kind: 'host',
  noun: 'added host',
  remedy: removedBy('hosts'),
  schema: async () => (await import('../../shared/protocol/host-requests.ts')).hostRequestSchema,
}
