/**
 * A tree of lines: whoever has printed the same lines stands at the same node, and each further line
 * leads to a child of it. Keeps hashes and no text, 28 bytes for each different line.
 */
import { hashLine, hashWordsCount } from './line-hash.ts'

/** Number of a node; `rootNode` is that of nobody's lines. */
export type TreeNode = number

export const rootNode: TreeNode = 0

export type TreePath = Uint32Array

export class LineTree {
  readonly #nodesMax: number
  #count = 1
  #parents = new Uint32Array(1_024)
  #depths = new Uint32Array(1_024)
  #hashes = new Uint32Array(1_024 * hashWordsCount)
  /** Nodes by their hash, open addressing; 0 is a free slot, as nothing leads to the root. */
  #slots = new Uint32Array(2_048)
  readonly #hash = new Uint32Array(hashWordsCount)

  constructor(nodesMax: number) {
    this.#nodesMax = nodesMax
  }

  /** The node after one more line; undefined when it would be new and the tree is full. */
  child(node: TreeNode, line: Uint8Array): TreeNode | undefined {
    const hash = this.#hash
    hashLine(line, { words: this.#hashes, at: node * hashWordsCount }, hash)
    const mask = this.#slots.length - 1
    let slot = (hash[0] ?? 0) & mask
    for (let known = this.#slots[slot]; known !== undefined && known !== 0; ) {
      if (this.#parents[known] === node && this.#hasHash(known)) return known
      slot = (slot + 1) & mask
      known = this.#slots[slot]
    }
    if (this.#count > this.#nodesMax) return undefined
    const added = this.#add(node)
    this.#slots[slot] = added
    if (this.#count * 2 > this.#slots.length) this.#growSlots()
    return added
  }

  /** How many lines lead to the node. */
  depth(node: TreeNode): number {
    return this.#depths[node] ?? 0
  }

  /** The nodes that lead to a node, by their depth; itself is the last one. */
  path(node: TreeNode): TreePath {
    const path = new Uint32Array(this.depth(node) + 1)
    for (let at = path.length - 1, here = node; at >= 0; at--) {
      path[at] = here
      here = this.#parents[here] ?? rootNode
    }
    return path
  }

  /** How many lines lead to the node and along the path alike. */
  commonDepth(path: TreePath, node: TreeNode): number {
    let here = node
    while (path[this.depth(here)] !== here) here = this.#parents[here] ?? rootNode
    return this.depth(here)
  }

  #hasHash(node: TreeNode): boolean {
    const from = node * hashWordsCount
    for (let at = 0; at < hashWordsCount; at++) {
      if (this.#hashes[from + at] !== this.#hash[at]) return false
    }
    return true
  }

  #add(parent: TreeNode): TreeNode {
    const node = this.#count
    if (node === this.#parents.length) this.#growNodes()
    this.#parents[node] = parent
    this.#depths[node] = this.depth(parent) + 1
    this.#hashes.set(this.#hash, node * hashWordsCount)
    this.#count += 1
    return node
  }

  #growNodes(): void {
    this.#parents = larger(this.#parents)
    this.#depths = larger(this.#depths)
    this.#hashes = larger(this.#hashes)
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2)
    for (let node = 1; node < this.#count; node++) {
      let slot = (this.#hashes[node * hashWordsCount] ?? 0) & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = node
    }
    this.#slots = slots
  }
}

function larger(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(words.length * 2)
  grown.set(words)
  return grown
}
