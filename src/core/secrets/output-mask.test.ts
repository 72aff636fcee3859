import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { seededRandom, seedOfProcess } from '../../../test/support/seeded-random.ts'
import { limits } from '../../shared/limits.ts'
import { joinBytes } from '../lines/join-bytes.ts'
import { OutputMask } from './output-mask.ts'
import { secretForms } from './secret-forms.ts'
import { SecretPatterns } from './secret-patterns.ts'

const secret = `p4ss"w/o'rd +ü$\\!`

describe('a secret in output', () => {
  test('is hidden in each form that programs print it in', () => {
    const bytes = Buffer.from(secret)
    const shell = (script: string) => execFileSync('sh', ['-c', script], { env: { S: secret } })
    const forms: [string, string | Buffer][] = [
      ['as it is', secret],
      ['JSON', JSON.stringify(secret)],
      ['JSON with / escaped', JSON.stringify(secret).replaceAll('/', '\\/')],
      ['JSON in ASCII', JSON.stringify(secret).replaceAll('ü', '\\u00fc')],
      ['URL', encodeURIComponent(secret)],
      ['URL in lower case', encodeURIComponent(secret).toLowerCase()],
      ['form', new URLSearchParams({ s: secret }).toString().slice(2)],
      ['hex', bytes.toString('hex')],
      ['hex in upper case', bytes.toString('hex').toUpperCase()],
      ['base64', bytes.toString('base64')],
      ['base64 with newline', Buffer.from(`${secret}\n`).toString('base64')],
      ['base64url', bytes.toString('base64url')],
      ...[1, 2, 3, 4].map((before): [string, string] => [
        `base64 behind ${before} bytes`,
        Buffer.from(`${'x'.repeat(before)}${secret}${'y'.repeat(before)}`).toString('base64'),
      ]),
      ['a shell that traces', shell('exec 2>&1; set -x; : "$S"')],
      ['od of a shell', shell(`printf %s "$S" | od -An -v -tx1 | tr -d ' \\n'`)],
    ]
    for (const [name, form] of forms) {
      const shown = maskAll([secret], [Buffer.from(`<${form.toString()}>`)])
      // What is left are quotes, and characters that also hold bits of the neighbours.
      const [before = '', after = shown, ...more] = shown.split('[secret]')
      const left = before.length + after.length
      expect({ name, more, isHidden: left <= 18 }).toEqual({ name, more: [], isHidden: true })
    }
  })

  test('of several lines is hidden line by line, and whole, and lines keep their number', () => {
    const key = '-----BEGIN KEY-----\nabcdefgh\nij\n-----END KEY-----\n'
    expect(maskAll([key], [Buffer.from(`1 ${key}2`)])).toBe(
      '1 [secret]\n[secret]\n[secret]\n[secret]\n2',
    )
    expect(maskAll([key], [Buffer.from('> abcdefgh\n> ij\n')])).toBe('> [secret]\n> ij\n')
    const wrapped = Buffer.from(key.repeat(3)).toString('base64').replace(/.{76}/g, '$&\n')
    expect(maskAll([key.repeat(3)], [Buffer.from(wrapped)])).not.toMatch(/[A-Za-z0-9+/]{9}/)
  })

  test('is found twice, overlapping, and beside another one', () => {
    const secrets = ['abcdef', 'efghij', 'zzzzzz']
    expect(maskAll(secrets, [Buffer.from('abcdef-abcdef')])).toBe('[secret]-[secret]')
    expect(maskAll(secrets, [Buffer.from('xabcdefghijx')])).toBe('x[secret]x')
    expect(maskAll(secrets, [Buffer.from('abcdefzzzzzzzy')])).toBe('[secret]y')
    expect(maskAll(secrets, [Buffer.from('abcdeabcdef')])).toBe('abcde[secret]')
  })

  test('that is too short for it is left as it is', () => {
    expect(maskAll(['12345'], [Buffer.from('12345')])).toBe('12345')
  })

  test('is hidden at every cut, and after a new start at every offset that was settled', () => {
    const random = seededRandom(seedOfProcess())
    const pick = (count: number) => random.between(0, count - 1)
    for (let round = 0; round < 300; round += 1) {
      // Few letters, so that secrets overlap themselves and each other.
      const letters = ['a', 'b', '\n', 'c'].slice(0, 2 + pick(3))
      const text = (length: number) =>
        Array.from({ length }, () => letters[pick(letters.length)]).join('')
      const patterns = Array.from({ length: 1 + pick(3) }, () => Buffer.from(text(2 + pick(6))))
      const output = Buffer.from(text(60))
      const what = `seed ${random.seed}, round ${round}`
      const expected = byDefinition(patterns, output)
      const automaton = new SecretPatterns(patterns)
      const size = () => 1 + pick(9)
      expect([what, maskedInSteps(automaton, output, size)]).toEqual([what, expected])
      expect([what, maskedInLines(automaton, output, size)]).toEqual([what, expected])
    }
  })
})

/** Every byte of every occurrence; each piece of a line that is hidden is one word. */
function byDefinition(patterns: readonly Buffer[], output: Buffer): string {
  const hidden = new Set<number>()
  for (const pattern of patterns) {
    for (let at = output.indexOf(pattern); at >= 0; at = output.indexOf(pattern, at + 1)) {
      for (let index = 0; index < pattern.length; index += 1) hidden.add(at + index)
    }
  }
  const marked = Array.from(output.toString(), (character, index) =>
    hidden.has(index) && character !== '\n' ? '#' : character,
  )
  return marked.join('').replace(/#+/g, '[secret]')
}

function maskAll(secrets: readonly string[], chunks: readonly Uint8Array[]): string {
  const patterns = new SecretPatterns(secrets.flatMap(secretForms))
  const mask = new OutputMask(patterns, 0, 0)
  for (const chunk of chunks) mask.push(chunk)
  mask.end(limits.maskedCharsMin)
  return Buffer.from(mask.masked(0, joinBytes(chunks))).toString()
}

/** All at once, pushed in pieces. */
function maskedInSteps(patterns: SecretPatterns, output: Buffer, size: () => number): string {
  const mask = new OutputMask(patterns, 0, 0)
  for (let at = 0; at < output.length; ) {
    const to = Math.min(output.length, at + size())
    mask.push(output.subarray(at, to))
    at = to
  }
  return Buffer.from(mask.masked(0, output)).toString()
}

/** Line by line as they are settled, with a new start from `carry` after each one. */
function maskedInLines(patterns: SecretPatterns, output: Buffer, size: () => number): string {
  let shown = ''
  let from = 0
  let carry = 0
  for (;;) {
    const newlineAt = output.indexOf('\n', from)
    const to = newlineAt < 0 ? output.length : newlineAt + 1
    const mask = new OutputMask(patterns, from, carry)
    let at = from
    while (at < output.length && (mask.settled < to || at < to)) {
      const end = Math.min(output.length, at + size())
      mask.push(output.subarray(at, end))
      at = end
    }
    shown += Buffer.from(mask.masked(from, output.subarray(from, to))).toString()
    if (to === output.length) return shown
    carry = mask.carry(to)
    from = to
  }
}
