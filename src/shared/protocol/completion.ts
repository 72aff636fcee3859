/** What a host offers to go on with what was typed, as it is on the wire (docs/protocol.md). */

export const completedKinds = ['path', 'unit', 'container'] as const
export type CompletedKind = (typeof completedKinds)[number]

export interface CompletionRequest {
  readonly kind: CompletedKind
  /** What was typed so far; empty for all units or containers. */
  readonly prefix: string
}

/** Answer of `GET /api/v1/hosts/{name}/complete`. */
export interface Completions {
  /** Each begins with the prefix; a directory ends with a slash. Texts of the host. */
  readonly candidates: readonly string[]
  /** There are more than are given. */
  readonly isCut: boolean
}
