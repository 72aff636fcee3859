/** Takes the wrapper's marks out of a stream of bytes and leaves every other byte as it is. */

/** `\x1e<nonce> <word>[ <number>]…\n`. */
export interface Mark {
  readonly word: string
  readonly numbers: readonly number[]
}

export type MarkedPiece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'mark'; readonly mark: Mark }

/**
 * Incremental: the same pieces come out however the bytes are cut. Bytes are views into what was
 * pushed. The only memory is one incomplete mark, so it may be dropped at any time after `end`.
 */
export class MarkerParser {
  readonly #prefix: Uint8Array
  #held: Uint8Array = nothing

  constructor(nonce: string) {
    this.#prefix = new TextEncoder().encode(`\u001e${nonce} `)
  }

  /** Bytes that are held back, because they may be the beginning of a mark. */
  get heldBytes(): number {
    return this.#held.length
  }

  push(chunk: Uint8Array): MarkedPiece[] {
    // Nearly every chunk of nearly every run takes this path.
    if (this.#held.length === 0 && !chunk.includes(recordSeparator)) return bytesPiece(chunk)
    const pieces: MarkedPiece[] = []
    const from = this.#held.length === 0 ? 0 : this.#finishHeld(chunk, pieces)
    this.#scan(chunk.subarray(from), pieces)
    return pieces
  }

  /** The stream has ended: an incomplete mark is data after all. */
  end(): MarkedPiece[] {
    const rest = bytesPiece(this.#held)
    this.#held = nothing
    return rest
  }

  /** Joins a mark that was cut with what has come now. Gives the index where plain scanning begins. */
  #finishHeld(chunk: Uint8Array, pieces: MarkedPiece[]): number {
    const held = this.#held
    const joined = join(held, chunk.subarray(0, markBytesMax))
    const found = this.#match(joined, 0)
    this.#held = nothing
    if (found.kind === 'mark') {
      pieces.push({ kind: 'mark', mark: found.mark })
      return found.end - held.length
    }
    if (found.kind === 'cut') {
      this.#held = joined
      return chunk.length
    }
    // No mark begins inside the held bytes: a record separator would have ended the match there.
    pieces.push(...bytesPiece(held))
    return 0
  }

  #scan(chunk: Uint8Array, pieces: MarkedPiece[]): void {
    let dataFrom = 0
    let at = chunk.indexOf(recordSeparator)
    while (at >= 0) {
      const found = this.#match(chunk, at)
      if (found.kind !== 'none') pieces.push(...bytesPiece(chunk.subarray(dataFrom, at)))
      if (found.kind === 'cut') {
        this.#held = chunk.slice(at)
        return
      }
      if (found.kind === 'mark') {
        pieces.push({ kind: 'mark', mark: found.mark })
        dataFrom = found.end
      }
      at = chunk.indexOf(recordSeparator, found.end)
    }
    pieces.push(...bytesPiece(chunk.subarray(dataFrom)))
  }

  /** `none`: no mark begins at `at`, and none before `end`. `cut`: it may, more bytes will tell. */
  #match(bytes: Uint8Array, at: number): Match {
    const prefix = this.#prefix
    for (let i = 0; i < prefix.length; i += 1) {
      if (at + i >= bytes.length) return { kind: 'cut', end: at + i }
      if (bytes[at + i] !== prefix[i]) return { kind: 'none', end: at + Math.max(i, 1) }
    }
    const wordsFrom = at + prefix.length
    for (let end = wordsFrom; end - at < markBytesMax; end += 1) {
      const byte = bytes[end]
      if (byte === undefined) return { kind: 'cut', end }
      if (byte === newline) return parseWords(bytes.subarray(wordsFrom, end), end)
      if (!isWordByte(byte)) return { kind: 'none', end }
    }
    return { kind: 'none', end: at + markBytesMax }
  }
}

type Match =
  | { readonly kind: 'none' | 'cut'; readonly end: number }
  | { readonly kind: 'mark'; readonly mark: Mark; readonly end: number }

/** Room for the nonce and for a list of processes that did not end. */
const markBytesMax = 4096
const recordSeparator = 0x1e
const newline = 0x0a
const carriageReturn = 0x0d
const nothing = new Uint8Array(0)
/** A terminal may put a carriage return before the newline. */
const words = /^([a-z]+)((?: [0-9]{1,15})*)\r?$/

function parseWords(bytes: Uint8Array, newlineAt: number): Match {
  const match = words.exec(new TextDecoder().decode(bytes))
  if (match === null) return { kind: 'none', end: newlineAt }
  const numbers = (match[2] ?? '').split(' ').filter((text) => text !== '')
  return {
    kind: 'mark',
    mark: { word: match[1] ?? '', numbers: numbers.map(Number) },
    end: newlineAt + 1,
  }
}

function isWordByte(byte: number): boolean {
  const isDigit = byte >= 0x30 && byte <= 0x39
  const isLetter = byte >= 0x61 && byte <= 0x7a
  return isDigit || isLetter || byte === 0x20 || byte === carriageReturn
}

function bytesPiece(bytes: Uint8Array): MarkedPiece[] {
  return bytes.length === 0 ? [] : [{ kind: 'bytes', bytes }]
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
