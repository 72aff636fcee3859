/**
 * A hash of 128 bits for lines that follow each other, in the manner of MurmurHash3: fast, and no
 * proof against who looks for two lines of one hash. A host that wants to look like another one need
 * only print the same.
 */

/** Words of a hash, or of a list of them. */
export type HashWords = Uint32Array

export const hashWordsCount = 4

/** Puts the hash of a line that comes after lines of the hash at `seed.words[seed.at]` into `into`. */
export function hashLine(
  line: Uint8Array,
  seed: { readonly words: HashWords; readonly at: number },
  into: HashWords,
): void {
  for (let word = 0; word < hashWordsCount; word++) into[word] = seed.words[seed.at + word] ?? 0
  const whole = line.length - (line.length % blockBytes)
  takeBlocks(line, whole, into)
  // Reads after the end would slow down all others. Zeros there are told from those of a line by its length.
  if (whole < line.length) {
    tail.fill(0)
    for (let at = whole; at < line.length; at++) tail[at - whole] = line[at] ?? 0
    takeBlocks(tail, blockBytes, into)
  }
  finish(into, line.length)
}

const blockBytes = 16
const tail = new Uint8Array(blockBytes)

function takeBlocks(bytes: Uint8Array, end: number, words: HashWords): void {
  let a = words[0] ?? 0
  let b = words[1] ?? 0
  let c = words[2] ?? 0
  let d = words[3] ?? 0
  for (let at = 0; at < end; at += blockBytes) {
    a ^= mix(wordAt(bytes, at), 0x239b961b, 0xab0e9789)
    a = (Math.imul(turn(a, 19) + b, 5) + 0x561ccd1b) | 0
    b ^= mix(wordAt(bytes, at + 4), 0xab0e9789, 0x38b34ae5)
    b = (Math.imul(turn(b, 17) + c, 5) + 0x0bcaa747) | 0
    c ^= mix(wordAt(bytes, at + 8), 0x38b34ae5, 0xa1e38b93)
    c = (Math.imul(turn(c, 15) + d, 5) + 0x96cd1c35) | 0
    d ^= mix(wordAt(bytes, at + 12), 0xa1e38b93, 0x239b961b)
    d = (Math.imul(turn(d, 13) + a, 5) + 0x32ac3b17) | 0
  }
  words[0] = a
  words[1] = b
  words[2] = c
  words[3] = d
}

function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
  return low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

function mix(word: number, first: number, second: number): number {
  return Math.imul(turn(Math.imul(word, first), 16), second)
}

function turn(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** Lets each bit of each word change all others. */
function finish(words: HashWords, length: number): void {
  const a = (words[0] ?? 0) ^ length
  const b = (words[1] ?? 0) ^ length
  const c = (words[2] ?? 0) ^ length
  const d = (words[3] ?? 0) ^ length
  const sum = (a + b + c + d) | 0
  const first = spread(sum)
  const second = spread((sum + b) | 0)
  const third = spread((sum + c) | 0)
  const fourth = spread((sum + d) | 0)
  const total = (first + second + third + fourth) | 0
  words[0] = total
  words[1] = total + second
  words[2] = total + third
  words[3] = total + fourth
}

function spread(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}
