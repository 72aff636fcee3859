import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSseParser, type SseMessage } from './sse-parser.ts'

const encoder = new TextEncoder()

function parseCut(bytes: Uint8Array, cuts: readonly number[]): SseMessage[] {
  const parser = createSseParser()
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length]
  places.sort((a, b) => a - b)
  let from = 0
  return places.flatMap((to) => {
    const messages = parser.push(bytes.subarray(from, to))
    from = to
    return messages
  })
}

function parse(text: string): SseMessage[] {
  return createSseParser().push(encoder.encode(text))
}

describe('server-sent events', () => {
  test('gives the same messages however the bytes are cut, for LF, CR and CRLF', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        '\r\r',
        '\r\n\r\n',
        ':',
        'data',
        'data:',
        'data: ',
      ),
      fc.constantFrom('event: lines', 'retry: 7', 'id: 3', '你', '🙂', 'é', ' ', '\u2028'),
    )
    const stream = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 40 }), (text, cuts) => {
        const bytes = encoder.encode(text)
        expect(parseCut(bytes, cuts)).toEqual(parseCut(bytes, []))
        const everyByte = Array.from(bytes.keys())
        expect(parseCut(bytes, everyByte)).toEqual(parseCut(bytes, []))
      }),
      { numRuns: 500 },
    )
  })

  test('gives the kind, the data and the wish for a retry, and skips comments', () => {
    const text = ': hello\nretry: 1500\n\nevent: lines\nid: 4\ndata: {"a":1}\n\ndata:x\ndata:y\n\n'
    expect(parse(text)).toEqual([
      { kind: 'retry', ms: 1500 },
      { kind: 'message', event: 'lines', data: '{"a":1}' },
      { kind: 'message', event: 'message', data: 'x\ny' },
    ])
  })

  test('never gives an event that the end of the connection cut short', () => {
    expect(parse('data: whole\n\ndata: half\n')).toEqual([
      { kind: 'message', event: 'message', data: 'whole' },
    ])
  })

  test('ignores a byte order mark at the start', () => {
    expect(parse('\uFEFFdata: a\n\n')).toEqual([{ kind: 'message', event: 'message', data: 'a' }])
  })

  test('refuses an event without end instead of growing, in one line or in many', () => {
    const oneLine = createSseParser(100)
    oneLine.push(encoder.encode(`data: ${'x'.repeat(90)}`))
    expect(() => oneLine.push(encoder.encode('x'.repeat(10)))).toThrow(RangeError)
    const many = createSseParser(100)
    expect(() => many.push(encoder.encode('data:\n'.repeat(30)))).toThrow(RangeError)
  })
})
