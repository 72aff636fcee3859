import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { setSmallLimits } from '../../../test/support/small-limits.ts'
import { limits } from '../../shared/limits.ts'
import { textsOf } from '../../shared/line-group.ts'
import { type LineSlab, LineSplitter } from './line-splitter.ts'

/** The lines of all slabs as [text, end of line], with the sum of the bytes. */
function split(chunks: readonly Uint8Array[]) {
  const splitter = new LineSplitter()
  const slabs: LineSlab[] = []
  for (const chunk of chunks) slabs.push(...splitter.push(chunk))
  slabs.push(...splitter.finish())
  const lines = slabs.flatMap((slab) => {
    const texts = textsOf(slab)
    expect(texts.length).toBe(slab.count)
    return texts.map((text, at) => [text, at === texts.length - 1 ? slab.end : 'newline'])
  })
  return { lines, ends: endsOf(slabs), bytes: Buffer.concat(slabs.map((slab) => slab.bytes)) }
}

/** How many bytes there are up to and with each line. */
function endsOf(slabs: readonly LineSlab[]): number[] {
  let before = 0
  return slabs.flatMap(({ bytes, count }) => {
    const ends: number[] = []
    for (let line = 0, at = 0; line < count; line++) {
      at = line === count - 1 ? bytes.length : bytes.indexOf(10, at) + 1
      ends.push(before + at)
    }
    before += bytes.length
    return ends
  })
}

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )
  return at.slice(1).map((end, index) => bytes.slice(at[index], end))
}

const pieces = fc.constantFrom('a', 'bc', '\n', '\r', '\r\n', 'é', '漢', '🙂', '\0', '\u001b[1m')
const text = fc
  .array(
    fc.oneof(
      pieces.map((piece) => Buffer.from(piece)),
      fc.uint8Array({ maxLength: 3 }),
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)))

describe('LineSplitter', () => {
  test('gives the same tail when it begins anew behind any line or segment, whatever the cuts', () => {
    const restore = setSmallLimits()
    try {
      const long = fc
        .tuple(fc.constantFrom('x', 'é', '漢', '🙂'), fc.integer({ min: 20, max: 150 }))
        .map(([character, count]) => new Uint8Array(Buffer.from(character.repeat(count))))
      const bytes = fc
        .array(fc.oneof(text, long), { maxLength: 6 })
        .map((parts) => new Uint8Array(Buffer.concat(parts)))
      fc.assert(
        fc.property(
          bytes,
          fc.array(fc.nat(1_000), { maxLength: 9 }),
          fc.nat(),
          (all, places, at) => {
            const { lines, ends } = split([all])
            const known = at % (lines.length + 1)
            const rest = all.slice(known === 0 ? 0 : ends[known - 1])
            expect(split(cutAt(rest, places)).lines).toEqual(lines.slice(known))
          },
        ),
        { numRuns: 500 },
      )
    } finally {
      restore()
    }
  })

  test('gives the same lines however the bytes are cut, and every byte once', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(500), { maxLength: 20 }), (bytes, places) => {
        const whole = split([bytes])
        expect(split(cutAt(bytes, places))).toEqual(whole)
        expect(Buffer.compare(whole.bytes, Buffer.from(bytes))).toBe(0)
      }),
    )
  })

  test('seed-04-last-line: shows the last line without newline, marked as unterminated', () => {
    expect(split([Buffer.from('a\nb')]).lines).toEqual([
      ['a', 'newline'],
      ['b', 'unterminated'],
    ])
  })

  test('seed-07-crlf-and-cr: makes no empty line of a CRLF that two reads cut', () => {
    expect(split([Buffer.from('a\r'), Buffer.from('\nb\r\n')]).lines).toEqual([
      ['a', 'newline'],
      ['b', 'newline'],
    ])
    expect(split([Buffer.from('10%\r20%\r'), Buffer.from('30%\n')]).lines).toEqual([
      ['10%\r20%\r30%', 'newline'],
    ])
  })

  test('seed-05-invalid-utf8: goes on after bytes that are not UTF-8', () => {
    expect(split([Uint8Array.of(0x6f, 0xff, 10, 0xe6, 0xbc, 10, 0x6b)]).lines).toEqual([
      ['o\uFFFD', 'newline'],
      ['\uFFFD', 'newline'],
      ['k', 'unterminated'],
    ])
  })

  test('seed-29-huge-line: gives a line over the segment limit in segments, whatever the cuts', () => {
    const max = limits.lineSegmentBytesMax
    for (const length of [max - 1, max, max + 1, 2 * max + 7]) {
      const line = `${'é'.repeat(length >> 1)}${length % 2 === 0 ? '' : 'x'}`
      const bytes = new Uint8Array(Buffer.from(`a\n${line}\nend\n`))
      const whole = split([bytes])
      const segments = whole.lines.slice(1, -1)
      expect(segments.map(([part]) => part).join('') === line).toBe(true)
      expect(segments.slice(0, -1).every(([, end]) => end === 'continued')).toBe(true)
      expect(segments.length).toBe(1 + Math.floor(length / max))
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += 65_521) chunks.push(bytes.slice(at, at + 65_521))
      const again = split(chunks)
      expect(again.lines).toEqual(whole.lines)
      expect(again.bytes.equals(bytes)).toBe(true)
    }
  })

  test('keeps slabs within the limits of a batch', () => {
    const splitter = new LineSplitter()
    const lines = Buffer.from('x\n'.repeat(10 * limits.batchLinesMax))
    for (const slab of splitter.push(lines)) expect(slab.count).toBe(limits.batchLinesMax)
    const wide = Buffer.from(`${'y'.repeat(999)}\n`.repeat(500))
    for (const slab of splitter.push(wide)) {
      expect(slab.bytes.length).toBeLessThanOrEqual(limits.batchBytesMax)
    }
  })

  test('shows the end of an unfinished line', () => {
    const splitter = new LineSplitter()
    splitter.push(Buffer.from('done\nPassword: '))
    expect(splitter.pendingBytes).toBe(10)
    expect(Buffer.from(splitter.pending(4)).toString()).toBe('rd: ')
  })
})
