/** Hides secrets in one stream of output, whatever the cuts, without moving any offset of it. */
import { joinBytes } from '../lines/join-bytes.ts'
import type { SecretPatterns } from './secret-patterns.ts'

/** Bytes from `from` to before `to`, counted as the source counts them. */
interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Sees every byte of the source once, and keeps where secrets stand. A piece may be shown as soon as
 * it is `settled`: until then its end could be the beginning of a secret. What a reader must know to
 * go on at any settled offset is one number, `carry`: nothing of what came before has to be kept.
 */
export class OutputMask {
  readonly #patterns: SecretPatterns
  #state = 0
  #at: number
  /** In order, without overlaps. */
  #spans: Span[]

  /** `carry`: so many of the next bytes belong to a secret that began before them. */
  constructor(patterns: SecretPatterns, at: number, carry: number) {
    this.#patterns = patterns
    this.#at = at
    this.#spans = carry > 0 ? [{ from: at, to: at + carry }] : []
  }

  /** Before this offset it is known what is secret. */
  get settled(): number {
    return this.#at - this.#patterns.depth(this.#state)
  }

  push(bytes: Uint8Array): void {
    const patterns = this.#patterns
    let state = this.#state
    for (const [index, byte] of bytes.entries()) {
      state = patterns.step(state, byte)
      if (state === 0) continue
      const length = patterns.found(state)
      if (length > 0) this.#cover({ from: this.#at + index + 1 - length, to: this.#at + index + 1 })
    }
    this.#state = state
    this.#at += bytes.length
  }

  /** Nothing more comes: of a secret that breaks off, what is long enough to be told is hidden too. */
  end(charsMin: number): void {
    const from = this.settled
    if (this.#at - from >= charsMin) this.#cover({ from, to: this.#at })
    this.#state = 0
  }

  /** How many bytes from this settled offset on belong to a secret that began before it. */
  carry(offset: number): number {
    const span = this.#spans.find(({ from, to }) => from < offset && to > offset)
    return span === undefined ? 0 : span.to - offset
  }

  /** The settled bytes at `offset` as they may be shown. Newlines stay, so lines keep their number. */
  masked(offset: number, bytes: Uint8Array): Uint8Array {
    const end = offset + bytes.length
    const pieces: Uint8Array[] = []
    let at = offset
    for (const { from, to } of this.#spans) {
      if (to <= at || from >= end) continue
      if (from > at) pieces.push(bytes.subarray(at - offset, from - offset))
      const begin = Math.max(from, at)
      at = Math.min(to, end)
      pieces.push(...hidden(bytes.subarray(begin - offset, at - offset)))
    }
    if (at === offset) return bytes
    pieces.push(bytes.subarray(at - offset))
    return joinBytes(pieces)
  }

  /** What lies before is not asked for any more. */
  forget(before: number): void {
    while ((this.#spans[0]?.to ?? Number.POSITIVE_INFINITY) <= before) this.#spans.shift()
  }

  #cover(found: Span): void {
    let { from, to } = found
    let last = this.#spans.at(-1)
    while (last !== undefined && last.to >= from) {
      from = Math.min(from, last.from)
      // What is carried over may end behind what was found in it.
      to = Math.max(to, last.to)
      this.#spans.pop()
      last = this.#spans.at(-1)
    }
    this.#spans.push({ from, to })
  }
}

const newline = new Uint8Array([10])
const secretText = new TextEncoder().encode('[secret]')

/** One word for each line that has something of the secret. */
function hidden(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = []
  let lineFrom = 0
  for (;;) {
    const at = bytes.indexOf(10, lineFrom)
    if ((at < 0 ? bytes.length : at) > lineFrom) pieces.push(secretText)
    if (at < 0) return pieces
    pieces.push(newline)
    lineFrom = at + 1
  }
}
