/** What a source must be, and how it is called. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from './limits.ts'
import type { Source } from './run.ts'
import { sourceComplaint, sourceText } from './source.ts'

const files = (...paths: string[]): Source => ({ kind: 'files', paths })
const journal = (unit: string, lines?: number): Source =>
  lines === undefined ? { kind: 'journal', unit } : { kind: 'journal', unit, lines }
const container = (name: string): Source => ({ kind: 'container', name })

describe('what is read is said in one line', () => {
  test.each<[Source, string]>([
    [{ kind: 'command', command: 'uptime; date' }, 'uptime; date'],
    [files('/var/log/a', '/var/log/b'), 'tail /var/log/a /var/log/b'],
    [files('/srv/my app.log', '/srv/b'), 'tail "/srv/my app.log" /srv/b'],
    [files('/srv/\u001b[31mred\u202e'), 'tail /srv/redU+202E'],
    [journal('nginx.service', 50), 'journal nginx.service'],
    [container('web'), 'container web'],
  ])('%j', (source, text) => {
    expect(sourceText(source)).toBe(text)
  })

  test('without any character that acts, whatever the paths', () => {
    const paths = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(paths, (all) => {
        // eslint-disable-next-line no-control-regex -- what must not be there
        expect(sourceText(files(...all))).not.toMatch(/[\u0000-\u0008\n-\u001f\u007f\u202e]/)
      }),
    )
  })
})

const many = (count: number, length: number) =>
  Array.from({ length: count }, (_, at) => String(at).padStart(length, 'x'))

describe('a source is taken or refused with a sentence', () => {
  test.each<[Source, string]>([
    [files(), 'The list of paths is empty'],
    [files(...many(limits.pathsPerRunMax + 1, 3)), 'The list of paths has more than 64 entries'],
    [files(...many(13, 4_096)), 'The list of paths is longer than 49152 bytes together'],
    [files('/a', ''), 'The path "" is empty'],
    [files('/a\0b'), 'The path "/a␀b" holds a NUL'],
    [files('/a\nb'), 'The path "/a␊b" holds a newline'],
    [files('/a\rb'), 'The path "/a␍b" holds a newline'],
    [files('/\ud800'), 'The path "/U+D800" holds half of a surrogate pair, which is no character'],
    [files('/a', '/b', '/a'), 'The path "/a" is named twice'],
    [files('é'.repeat(2_049)), `The path "${'é'.repeat(80)}…" is longer than 4096 bytes`],
    [journal(''), 'The unit "" is empty'],
    [journal('-f'), 'The unit "-f" begins with "-"'],
    [journal('a b'), 'The unit "a b" holds a character that no such name has'],
    [journal('nginx*'), 'The unit "nginx*" holds a character that no such name has'],
    [journal('a\n'), 'The unit "a␊" holds a character that no such name has'],
    [journal('x'.repeat(256)), `The unit "${'x'.repeat(80)}…" is longer than 255 characters`],
    [journal('a', -1), 'The number of lines is not a whole number from 0 to 100000'],
    [journal('a', 1.5), 'The number of lines is not a whole number from 0 to 100000'],
    [journal('a', 100_001), 'The number of lines is not a whole number from 0 to 100000'],
    [container('--help'), 'The container "--help" begins with "-"'],
    [container('$(id)'), 'The container "$(id)" holds a character that no such name has'],
    [container('ä'), 'The container "ä" holds a character that no such name has'],
    [{ kind: 'command', command: ' ' }, 'The command is empty'],
  ])('%j', (source, sentence) => {
    const found = sourceComplaint(source)
    expect(`${found?.subject} ${found?.complaint}`).toBe(sentence)
  })

  test.each<[Source]>([
    [files(...many(limits.pathsPerRunMax, 3))],
    [files('x'.repeat(limits.fileNameBytesMax))],
    [files('relative/-odd name\t*.log', '-')],
    [journal('user@1000.service', 0)],
    [journal('dev-disk-by\\x2dlabel-a:b.device', limits.followedLinesMax)],
    [journal('x'.repeat(limits.sourceNameCharsMax))],
    [container('compose_web-1.2')],
    [container('4f66ad9a0b2e')],
  ])('%j is good', (source) => {
    expect(sourceComplaint(source)).toBeUndefined()
  })

  test('says where it is wrong', () => {
    expect(sourceComplaint(files('/a', ''))?.path).toEqual(['paths', 1])
    expect(sourceComplaint(files())?.path).toEqual(['paths'])
    expect(sourceComplaint(container(''))?.path).toEqual(['name'])
    expect(sourceComplaint(journal('a', -1))?.path).toEqual(['lines'])
  })
})
