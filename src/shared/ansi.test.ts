import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnsiStyle, parseAnsi, sequenceCharsMax, stripAnsi } from './ansi.ts'

const esc = '\u001b'

function styleOf(codes: string): Partial<AnsiStyle> | null {
  const style = parseAnsi(`${esc}[${codes}mx`)[0]?.style
  if (style === null || style === undefined) return null
  return Object.fromEntries(
    Object.entries(style).filter(([, value]) => value !== null && value !== false),
  )
}

describe('parseAnsi', () => {
  test.each([
    ['ST', `${esc}\\`],
    ['BEL', '\u0007'],
  ])(
    'makes a link of OSC 8 ended by %s, with the host that it leads to, and of no other address',
    (_, end) => {
      const osc = (address: string) => `${esc}]8;id=1;${address}${end}`
      const link = { address: 'https://x.example/a', host: 'x.example' }
      expect(parseAnsi(`a${osc(link.address)}b${esc}[1mc${osc('')}d`)).toMatchObject([
        { text: 'a' },
        { text: 'b', link },
        { text: 'c', link, style: { bold: true } },
        { text: 'd' },
      ])
      expect(parseAnsi(`a${osc('javascript:x')}b${osc('')}c`)).toEqual([
        { text: 'abc', style: null },
      ])
      expect(parseAnsi(`a${esc}]52;c;aGk=${end}b`)).toEqual([{ text: 'ab', style: null }])
    },
  )

  test('gives a plain line as one span without style', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello', style: null }])
    expect(parseAnsi('')).toEqual([])
  })

  test.each([
    ['1', { bold: true }],
    ['2', { dim: true }],
    ['3;4', { italic: true, underline: true }],
    ['7;9', { inverse: true, strike: true }],
    ['31', { fg: { kind: 'named', index: 1 } }],
    ['97', { fg: { kind: 'named', index: 15 } }],
    ['44;103', { bg: { kind: 'named', index: 11 } }],
    ['38;5;9', { fg: { kind: 'named', index: 9 } }],
    ['38;5;31', { fg: { kind: 'rgb', red: 0, green: 135, blue: 175 } }],
    ['48;5;232', { bg: { kind: 'rgb', red: 8, green: 8, blue: 8 } }],
    ['38;2;1;2;3', { fg: { kind: 'rgb', red: 1, green: 2, blue: 3 } }],
    ['38:2::1:2:3', { fg: { kind: 'rgb', red: 1, green: 2, blue: 3 } }],
    ['38:2:1:2:3', { fg: { kind: 'rgb', red: 1, green: 2, blue: 3 } }],
    ['38:5:1', { fg: { kind: 'named', index: 1 } }],
    ['4:3', { underline: true }],
    ['31;39', null],
    ['1;2;22', null],
    ['1;0', null],
    ['38;5;300', null],
    ['38;2;1;2;999', null],
    ['38', null],
  ])('reads SGR %s', (codes, expected) => {
    expect(styleOf(codes)).toEqual(expected)
  })

  test('consumes 256 and true colour as a group, so that their numbers are no colours', () => {
    expect(styleOf('38;5;31;1')).toEqual({
      fg: { kind: 'rgb', red: 0, green: 135, blue: 175 },
      bold: true,
    })
  })

  test('keeps the text around colours and starts each line plain', () => {
    const texts = parseAnsi(`a${esc}[31mb${esc}[0mc`).map((span) => span.text)
    expect(texts).toEqual(['a', 'b', 'c'])
    expect(parseAnsi('next line')[0]?.style).toBeNull()
  })

  test.each([
    ['cursor movement', `a${esc}[2J${esc}[10;5Hb`],
    ['private modes', `a${esc}[?25lb`],
    ['a window title ended by BEL', `a${esc}]0;title\u0007b`],
    ['a link ended by ST', `a${esc}]8;;https://x.example${esc}\\b`],
    ['DCS', `a${esc}Pq#0;2;0${esc}\\b`],
    ['APC, PM and SOS', `a${esc}_x${esc}\\${esc}^y${esc}\\${esc}Xz${esc}\\b`],
    ['C1 forms', 'a\u009b31m\u009d0;t\u009cb'],
    ['a charset escape', `a${esc}(Bb`],
    ['reset', `a${esc}cb`],
    ['a lone ESC at the end', `ab${esc}`],
    ['an unfinished CSI', `ab${esc}[38;5`],
    ['an unfinished OSC', `ab${esc}]0;ti`],
  ])('drops %s', (_, line) => {
    expect(stripAnsi(line)).toBe('ab')
  })

  test('a sequence without end hides no more than its bound', () => {
    const line = `${esc}]${'x'.repeat(sequenceCharsMax)}visible`
    expect(stripAnsi(line)).toBe('visible')
  })

  test('never throws, loses no visible character and leaves no ESC', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(esc, '[', ']', ';', ':', 'm', '38', '5', '\u0007', '\u009b', '\u0090', '\\'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const line = pieces.join('')
        const spans = parseAnsi(line)
        const text = spans.map((span) => span.text).join('')
        // eslint-disable-next-line no-control-regex -- control characters are what must be gone
        expect(text).not.toMatch(/[\u001b\u0090\u0098\u009b-\u009f]/)
        expect(spans.every((span) => span.text !== '')).toBe(true)
        expect(stripAnsi(text)).toBe(text)
        expect(isSubsequence(text, line)).toBe(true)
      }),
    )
  })

  test('a finished sequence between two texts never eats the second one', () => {
    const sequence = fc.constantFrom(`${esc}[1;31m`, `${esc}]0;t\u0007`, `${esc}[?1h`, `${esc}(B`)
    const word = fc.stringMatching(/^[a-z ]*$/)
    fc.assert(
      fc.property(fc.array(fc.tuple(word, sequence)), (parts) => {
        const line = parts.flat().join('')
        expect(stripAnsi(line)).toBe(parts.map(([text]) => text).join(''))
      }),
    )
  })

  test.each([
    ['ESC [', `${esc}[`],
    ['ESC ]', `${esc}]`],
    ['SGR', `${esc}[31m`],
    ['ESC P', `${esc}P`],
    ['digits', `${esc}[${'1;'.repeat(50)}`],
  ])('takes linear steps for a megabyte of %s', (_, unit) => {
    const line = unit.repeat(Math.ceil(1_000_000 / unit.length))
    // A quadratic parser would need 10^12 steps and hit the time limit of the test.
    expect(stripAnsi(line).length).toBeLessThanOrEqual(line.length)
  })
})

function isSubsequence(text: string, of: string): boolean {
  let at = 0
  for (const character of of)
    if (character === text.slice(at, at + character.length)) at += character.length
  return at === text.length
}
