/** The inventory of an engine: ssh_config, a file and added hosts as one. Loaded when it is first asked. */
import { join } from 'node:path'
import type { HostInventory, KnownHosts } from '../core/inventory/inventory.ts'
import type { RecordStore } from '../core/store/record-store.ts'

export interface InventoryPlaces {
  /** Read by ssh instead of the user's own ssh_config; null for that and the system's. */
  readonly sshConfigFile: string | null
  /** Null for `inventory.yaml` of the data directory, which may be missing. */
  readonly inventoryFile: string | null
  readonly dataDirectory: string
  readonly records: RecordStore
}

export function openInventory(places: InventoryPlaces): HostInventory {
  let opening: Promise<HostInventory> | undefined
  return {
    read: async () => (await (opening ??= joinPlaces(places))).read(),
  }
}

async function joinPlaces(places: InventoryPlaces): Promise<HostInventory> {
  const [{ createAddedHosts }, { mergeInventory }, { createInventoryFile }] = await Promise.all([
    import('../core/inventory/added-hosts.ts'),
    import('../core/inventory/merge-inventory.ts'),
    import('../adapters/inventory-file/inventory-file.ts'),
  ])
  const file = createInventoryFile({
    path: places.inventoryFile ?? join(places.dataDirectory, 'inventory.yaml'),
    isOptional: places.inventoryFile === null,
  })
  const added = createAddedHosts(places.records)
  return {
    read: async () => {
      const parts = [readConfig(places.sshConfigFile), file.read(), added.read()]
      return mergeInventory(await Promise.all(parts))
    },
  }
}

async function readConfig(sshConfigFile: string | null): Promise<KnownHosts> {
  const { readConfigHosts, sshConfigFiles } = await import('../adapters/openssh/config-hosts.ts')
  const configured = await readConfigHosts(sshConfigFiles(sshConfigFile))
  const hosts = configured.map(({ name, config }) => ({
    name,
    destination: null,
    note: null,
    groups: [],
    tags: [],
    sources: [{ kind: 'ssh-config' as const, ...config }],
  }))
  return { hosts, groups: [], complaints: [] }
}
