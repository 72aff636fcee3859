/** Port: the hosts that are known here, and where ssh goes for each. */
import type { InventoryHost } from '../../shared/inventory.ts'

export interface HostInventory {
  /** As it is now: what has changed since the last time is in it. */
  read(): Promise<KnownHosts>
}

export interface KnownHosts {
  readonly hosts: readonly KnownHost[]
}

export interface KnownHost extends InventoryHost {
  /** Where ssh goes; null for the name itself. */
  readonly destination: string | null
}

/** For who knows hosts by their names alone. */
export const noInventory: HostInventory = { read: async () => ({ hosts: [] }) }
