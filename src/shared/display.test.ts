import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { displayLine, displayText, lastState } from './display.ts'

const esc = '\u001b'
const textOf = (line: string): string =>
  displayLine(line)
    .map((span) => span.text)
    .join('')

describe('lastState', () => {
  test.each([
    ['no CR', 'abc', 'abc'],
    ['a progress bar', '10%\r20%\r100%', '100%'],
    ['a CR at the end', '10%\r20%\r', '20%'],
    ['a redraw that only erases', `50%\r${esc}[K`, '50%'],
    ['only CRs', '\r\r', ''],
  ])('%s', (_, line, expected) => {
    expect(lastState(line)).toBe(expected)
  })

  test('keeps the colour that was set before the redraw', () => {
    expect(displayLine(`${esc}[32m10%\r20%`)).toMatchObject([
      { text: '20%', style: { fg: { kind: 'named', index: 2 } } },
    ])
  })

  test('takes linear steps for a megabyte of CR', () => {
    expect(lastState('\r'.repeat(1_000_000))).toBe('')
    expect(lastState(`a${`\r${esc}[K`.repeat(250_000)}`)).toBe('a')
  })
})

describe('displayLine', () => {
  test('seed-10-ansi-nul: escapes become styles, NUL and C1 become visible tokens', () => {
    const spans = displayLine(`${esc}[31mred${esc}[0m\0\u0085${esc}[2Jend`)
    expect(spans.map(({ kind, text }) => [kind, text])).toEqual([
      ['text', 'red'],
      ['control', '␀'],
      ['control', 'U+0085'],
      ['text', 'end'],
    ])
  })

  test.each([
    ['bidi override', 'a\u202eb', 'aU+202Eb'],
    ['isolate', 'a\u2066b', 'aU+2066b'],
    ['zero width space', 'a\u200bb', 'aU+200Bb'],
    ['Arabic letter mark', 'a\u061cb', 'aU+061Cb'],
    ['BOM', '\ufeffa', 'U+FEFFa'],
    ['tag characters', 'a\u{e0041}', 'aU+E0041'],
    ['half a surrogate pair', 'a\ud800b', 'aU+D800b'],
    ['DEL', 'a\u007f', 'a␡'],
    ['an emoji stays', 'a😀b', 'a😀b'],
    ['a tab stays', 'a\tb', 'a\tb'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('shows %s', (_, line, expected) => {
    expect(textOf(line)).toBe(expected)
  })

  test('advisory-CVE-2026-84683, advisory-CVE-2026-92973: a link of a host is its text and nothing else, unless it leads by http to a host that is named', () => {
    for (const target of [
      'javascript:alert(1)',
      'https://evil.test/ "><img src=x>',
      '"><img src=x>',
    ]) {
      for (const end of ['\u0007', `${esc}\\`, '\u009c']) {
        const line = `a${esc}]8;id=1;${target}${end}link${esc}]8;;${end}b`
        const spans = displayLine(line)
        expect(spans.map(({ text }) => text).join('')).toBe('alinkb')
        expect(spans.flatMap(({ link }) => link?.host ?? [])).toEqual([])
      }
    }
  })

  test('advisory-CVE-2021-42574: what turns the direction of text is seen, and turns nothing', () => {
    const controls = '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f'
    const shown = textOf(`if (admin\u202e) {${controls}`)
    expect(shown).toContain('if (adminU+202E) {U+202A')
    for (const control of controls) expect(shown).not.toContain(control)
  })

  test('never throws and never shows a hidden character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
        expect(textOf(line)).not.toMatch(
          // eslint-disable-next-line no-control-regex -- control characters are what must be gone
          /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/,
        )
      }),
    )
  })

  test('leaves text without controls as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\u0020-\u007e\u4e00-\u9fff]*$/), (line) => {
        expect(textOf(line)).toBe(line)
      }),
    )
  })
})

describe('displayText', () => {
  test('makes a prompt one plain line', () => {
    expect(displayText(`${esc}[1mPassword\r\nfor \u202eroot:`)).toBe('Password␍␊for U+202Eroot:')
  })
})
