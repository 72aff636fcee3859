/** Finds all forms of secrets in a stream of bytes, each byte looked at once (Aho and Corasick). */

/**
 * A trie whose nodes know where to go on when the next byte does not fit. Nodes have lists of
 * children instead of tables: nearly all have one, and long secrets have many nodes. Immutable, and
 * shared by all streams of a run.
 */
export class SecretPatterns {
  readonly #firsts = new Int32Array(256)
  readonly #bytes: Uint8Array
  readonly #children: Int32Array
  readonly #siblings: Int32Array
  readonly #depths: Int32Array
  readonly #fails: Int32Array
  readonly #longest: Int32Array
  #nodes = 1

  constructor(patterns: readonly Uint8Array[]) {
    const size = patterns.reduce((sum, { length }) => sum + length, 1)
    this.#bytes = new Uint8Array(size)
    this.#children = new Int32Array(size)
    this.#siblings = new Int32Array(size)
    this.#depths = new Int32Array(size)
    this.#fails = new Int32Array(size)
    this.#longest = new Int32Array(size)
    for (const pattern of patterns) this.#add(pattern)
    this.#link()
  }

  /** Where the stream stands after the byte; 0 is the start, and where nothing is under way. */
  step(state: number, byte: number): number {
    for (let at = state; at !== 0; at = this.#fails[at] ?? 0) {
      const next = this.#child(at, byte)
      if (next !== 0) return next
    }
    return this.#firsts[byte] ?? 0
  }

  /** So many of the last bytes may be the beginning of a pattern, or are all of one. */
  depth(state: number): number {
    return this.#depths[state] ?? 0
  }

  /** Length of the longest pattern that ends here; 0 for none. */
  found(state: number): number {
    return this.#longest[state] ?? 0
  }

  #add(pattern: Uint8Array): void {
    let at = 0
    for (const byte of pattern) at = this.#child(at, byte) || this.#grow(at, byte)
    this.#longest[at] = pattern.length
  }

  #child(node: number, byte: number): number {
    if (node === 0) return this.#firsts[byte] ?? 0
    let child = this.#children[node] ?? 0
    while (child !== 0 && this.#bytes[child] !== byte) child = this.#siblings[child] ?? 0
    return child
  }

  #grow(parent: number, byte: number): number {
    const node = this.#nodes
    this.#nodes += 1
    this.#bytes[node] = byte
    this.#depths[node] = this.depth(parent) + 1
    if (parent === 0) {
      this.#firsts[byte] = node
    } else {
      this.#siblings[node] = this.#children[parent] ?? 0
      this.#children[parent] = node
    }
    return node
  }

  /** Breadth first: what a node falls back to is shallower than itself. */
  #link(): void {
    const queue = new Int32Array(this.#nodes)
    let end = 0
    for (const node of this.#firsts) if (node !== 0) queue[end++] = node
    for (let at = 0; at < end; at += 1) {
      const node = queue[at] ?? 0
      const fail = this.#fails[node] ?? 0
      this.#longest[node] = Math.max(this.found(node), this.found(fail))
      for (let child = this.#children[node] ?? 0; child !== 0; child = this.#siblings[child] ?? 0) {
        this.#fails[child] = this.step(fail, this.#bytes[child] ?? 0)
        queue[end++] = child
      }
    }
  }
}
