/** Port: the hosts that are known here, where ssh goes for each, and the groups that they form. */
import type { InventoryHost } from '../../shared/inventory.ts'
import type { HostSource } from '../../shared/protocol/hosts.ts'

export interface HostInventory {
  /**
   * As it is now: what has changed since the last time is in it. Rejects with `inventory-invalid`
   * when its file never was right.
   */
  read(): Promise<KnownHosts>
}

export interface KnownHosts {
  readonly hosts: readonly KnownHost[]
  /** Those of which more is known than who is in them. */
  readonly groups: readonly KnownGroup[]
  /** Why a part of it is an older state. */
  readonly complaints: readonly string[]
}

export interface KnownHost extends InventoryHost {
  /** Where ssh goes; null for the name itself. */
  readonly destination: string | null
  readonly note: string | null
  readonly sources: readonly HostSource[]
}

export interface KnownGroup {
  readonly name: string
  /** People are asked once more before something runs on it. */
  readonly confirm: boolean
}

/** For who knows hosts by their names alone. */
export const noInventory: HostInventory = {
  read: async () => ({ hosts: [], groups: [], complaints: [] }),
}
