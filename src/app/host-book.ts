/** The host book of an engine, loaded when somebody asks for hosts: most commands never do. */
import { systemClock } from '../adapters/system/clock.ts'
import { randomName } from '../adapters/system/ids.ts'
import type { HostBook, HostBookParts } from '../core/hosts/host-book.ts'
import type { RecordStore } from '../core/store/record-store.ts'

export interface LazyHostBookOptions
  extends Pick<HostBookParts, 'hosts' | 'catalog' | 'inventory'> {
  readonly sshConfigFile: string | null
  readonly records: RecordStore
}

export function lazyHostBook(options: LazyHostBookOptions): HostBook {
  let opened: Promise<HostBook> | undefined
  const book = (): Promise<HostBook> => (opened ??= openHostBook(options))
  return {
    list: async () => (await book()).list(),
    groups: async () => (await book()).groups(),
    preview: async (expression) => (await book()).preview(expression),
    get: async (name) => (await book()).get(name),
    put: async (name, host) => (await book()).put(name, host),
    remove: async (name) => (await book()).remove(name),
    check: async (name, signal) => (await book()).check(name, signal),
    complete: async (name, request, signal) => (await book()).complete(name, request, signal),
    checkAll: async function* (target, signal) {
      yield* (await book()).checkAll(target, signal)
    },
  }
}

async function openHostBook(options: LazyHostBookOptions): Promise<HostBook> {
  const { hosts, catalog, inventory, records, sshConfigFile } = options
  const [{ createHostBook }, { createSshHostView }, { createAddedHosts }, { createKeptChecks }] =
    await Promise.all([
      import('../core/hosts/host-book.ts'),
      import('../adapters/openssh/ssh-host-view.ts'),
      import('../core/inventory/added-hosts.ts'),
      import('../core/hosts/kept-checks.ts'),
    ])
  return createHostBook({
    view: createSshHostView(sshConfigFile),
    hosts,
    catalog,
    inventory,
    added: createAddedHosts(records),
    checks: createKeptChecks(records),
    clock: systemClock,
    newNonce: () => randomName(26),
  })
}
