/** A list of what Farglass keeps under names: what is damaged, or was written by a newer version, hides none of the others. */
export interface Listing<Item> {
  readonly items: readonly Item[]
  readonly unreadable: readonly Unreadable[]
}

/** Something that is kept and cannot be read. */
export interface Unreadable {
  readonly name: string
  /** A sentence that names it, and what to do about it. */
  readonly message: string
  readonly hint: string
}
