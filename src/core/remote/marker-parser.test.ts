import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Mark, type MarkedPiece, MarkerParser } from './marker-parser.ts'

const nonce = 'k3f9a0'
const encoder = new TextEncoder()

describe('the marker parser', () => {
  it('takes a mark out and leaves the bytes around it', () => {
    expect(parse([encoder.encode(`abc\u001e${nonce} exit 7\ndef`)])).toEqual({
      text: 'abcdef',
      marks: [{ word: 'exit', numbers: [7] }],
    })
  })

  it('takes a mark whose newline a terminal has turned into CR LF', () => {
    expect(parse([encoder.encode(`\u001e${nonce} pid 12 34\r\n`)]).marks).toEqual([
      { word: 'pid', numbers: [12, 34] },
    ])
  })

  it('gives the same bytes and marks however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(part(), { maxLength: 12 }),
        fc.infiniteStream(fc.nat(9)),
        (parts, cuts) => {
          const stream = concat(parts.map(({ bytes }) => bytes))
          const whole = parse([stream])
          expect(whole.text).toBe(latin(concat(parts.filter(isData).map(({ bytes }) => bytes))))
          expect(whole.marks).toEqual(parts.flatMap(({ mark }) => (mark === null ? [] : [mark])))
          expect(parse(cut(stream, cuts))).toEqual(whole)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('always knows how many bytes it holds back: each is given, taken as a mark, or held', () => {
    fc.assert(
      fc.property(
        fc.array(part(), { maxLength: 12 }),
        fc.infiniteStream(fc.nat(9)),
        (parts, cuts) => {
          const parser = new MarkerParser(nonce)
          let pushed = 0
          let accounted = 0
          for (const chunk of cut(concat(parts.map(({ bytes }) => bytes)), cuts)) {
            pushed += chunk.length
            for (const piece of parser.push(chunk)) accounted += lengthOf(piece)
            expect(accounted + parser.heldBytes).toBe(pushed)
          }
          for (const piece of parser.end()) accounted += lengthOf(piece)
          expect([accounted, parser.heldBytes]).toEqual([pushed, 0])
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('keeps a lookalike with a wrong nonce as data', () => {
    const text = `\u001eother0 exit 0\n\u001e${nonce}x exit 0\n\u001e${nonce} EXIT 0\n\u001e\u001e`
    expect(parse([encoder.encode(text)])).toEqual({ text, marks: [] })
  })

  it('keeps a mark that never ends as data when the stream ends', () => {
    const text = `abc\u001e${nonce} exit 7`
    expect(parse([encoder.encode(text)])).toEqual({ text, marks: [] })
  })

  it('holds back no more than one mark of a stream that never completes it', () => {
    const text = `\u001e${nonce} exit ${'1 '.repeat(10_000)}`
    const parser = new MarkerParser(nonce)
    const given = parser.push(encoder.encode(text)).flatMap(bytesOf)
    expect(text.length - concat(given).length).toBeLessThan(5_000)
  })

  it('passes chunks without a record separator on as they are, without a copy', () => {
    const chunk = encoder.encode('many bytes')
    expect(new MarkerParser(nonce).push(chunk)).toEqual([{ kind: 'bytes', bytes: chunk }])
    const [piece] = new MarkerParser(nonce).push(chunk)
    expect(piece?.kind === 'bytes' && piece.bytes === chunk).toBe(true)
  })
})

interface Part {
  readonly bytes: Uint8Array
  readonly mark: Mark | null
}

const isData = ({ mark }: Part) => mark === null

/** Marks, prefixes of marks that go wrong, and any other bytes. None of the data makes a mark. */
function part(): fc.Arbitrary<Part> {
  const mark = fc
    .tuple(fc.constantFrom('pid', 'exit', 'alive'), fc.array(fc.nat(99_999), { maxLength: 3 }))
    .map(([word, numbers]) => ({
      bytes: encoder.encode(`\u001e${nonce} ${[word, ...numbers].join(' ')}\n`),
      mark: { word, numbers },
    }))
  const almost = fc
    .nat(nonce.length + 6)
    .map((length) => `${`\u001e${nonce} exit 7\n`.slice(0, length)}!`)
    .map((text) => ({ bytes: encoder.encode(text), mark: null }))
  const noise = fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ bytes, mark: null }))
  const separators = fc
    .nat(5)
    .map((count) => ({ bytes: new Uint8Array(count).fill(0x1e), mark: null }))
  return fc.oneof(mark, almost, noise, separators)
}

function parse(chunks: readonly Uint8Array[]): { text: string; marks: Mark[] } {
  const parser = new MarkerParser(nonce)
  const pieces = [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()]
  return {
    text: latin(concat(pieces.flatMap(bytesOf))),
    marks: pieces.flatMap((piece) => (piece.kind === 'mark' ? [piece.mark] : [])),
  }
}

/** Of a piece as it was in the stream. */
function lengthOf(piece: MarkedPiece): number {
  if (piece.kind === 'bytes') return piece.bytes.length
  const { word, numbers } = piece.mark
  return `\u001e${nonce} ${[word, ...numbers].join(' ')}\n`.length
}

function bytesOf(piece: ReturnType<MarkerParser['end']>[number]): Uint8Array[] {
  return piece.kind === 'bytes' ? [piece.bytes] : []
}

/** One character per byte, so that a difference is readable. */
function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

function cut(stream: Uint8Array, sizes: Iterable<number>): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let from = 0
  for (const size of sizes) {
    if (from >= stream.length) break
    chunks.push(stream.subarray(from, from + size))
    from += size
  }
  return chunks
}
