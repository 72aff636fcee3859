/** Notes: rows of Farglass itself, whose first word is their kind (docs/protocol.md). */

/** `gap` of "gap: …", `exited` of "exited 0 after 1 s"; empty for a text that begins otherwise. */
export function noteKind(text: string): string {
  return /^[a-z]+/.exec(text)?.[0] ?? ''
}
