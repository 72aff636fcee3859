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

/** Names of hosts that are added or stand in files: a word, so that a target reads it as one host. */
export const hostNamePattern: RegExp = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
