/** The hosts that are known, as targets see them. */
/** What is known of hosts here. Names that are not in it can be targets, too. */
export interface Inventory {
  readonly hosts: readonly InventoryHost[]
}

export interface InventoryHost {
  readonly name: string
  readonly groups: readonly string[]
  /** As `env:prod`. */
  readonly tags: readonly string[]
}
