import { describe, expect, it } from 'vitest'
import { differencesOf, faultsOf, type History, type SeenLine } from './history-checker.ts'

const truth = { out: Buffer.from('one\ntwo\nend'), err: Buffer.from('bad\n') }

const right: readonly SeenLine[] = [
  { pos: 0, task: 0, channel: 'note', text: 'connected to web-1' },
  { pos: 1, task: 0, channel: 'out', text: 'one' },
  { pos: 2, task: 0, channel: 'err', text: 'bad' },
  { pos: 3, task: 0, channel: 'out', text: 'two' },
  { pos: 4, task: 0, channel: 'out', text: 'end', end: 'unterminated' },
]

const historyOf = (lines: readonly SeenLine[]): History => ({ who: 'a viewer', lines })

function replaced(at: number, change: Partial<SeenLine>): SeenLine[] {
  return right.map((line, index) => (index === at ? { ...line, ...change } : line))
}

/** One planted fault each, as a delivery bug would make it. */
const planted: [string, readonly SeenLine[], RegExp][] = [
  ['a line that is missing with its position', right.filter((_, at) => at !== 3), /position 4/],
  [
    'a line that is missing although positions are dense',
    right.filter((_, at) => at !== 1).map((line, pos) => ({ ...line, pos })),
    /out has 7 bytes of 11 and differs from byte 0/,
  ],
  ['a first line that is missing', right.slice(1), /position 1 comes at the beginning/],
  ['a last line that is missing', right.slice(0, -1), /out has 8 bytes of 11/],
  ['a line that came twice', [...right.slice(0, 2), ...right.slice(1)], /position 1 comes after/],
  [
    'a line that is stored twice under two positions',
    [...right.slice(0, 2), ...right.slice(1).map((line) => ({ ...line, pos: line.pos + 1 }))],
    /out has 15 bytes/,
  ],
  ['two lines that have changed places', replaced(1, { text: 'two' }), /differs from byte 0/],
  ['a position that came out of order', right.toSorted((a, b) => b.pos - a.pos), /position 4/],
  ['one byte that is another', replaced(3, { text: 'twp' }), /differs from byte 6/],
  ['a line on the wrong channel', replaced(2, { channel: 'out' }), /err has 0 bytes of 4/],
  ['a newline that was not written', right.map(withNewline), /out has 12 bytes of 11/],
  ['a newline that is gone', replaced(1, { end: 'unterminated' }), /differs from byte 3/],
  ['a gap that is told', replaced(0, { text: 'gap: 10 bytes' }), /a gap is told at position 0/],
  ['nothing at all', [], /out has 0 bytes of 11/],
]

function withNewline({ pos, task, channel, text }: SeenLine): SeenLine {
  return { pos, task, channel, text }
}

describe('the checker of histories', () => {
  it('finds no fault in what is right', () => {
    expect(faultsOf(historyOf(right), truth)).toEqual([])
  })

  it.each(planted)('finds %s', (...row) => {
    const [, lines, fault] = row
    expect(faultsOf(historyOf(lines), truth).join('; ')).toMatch(fault)
  })

  it('finds two readers that got different lines at one position', () => {
    const other = { who: 'the store', lines: replaced(1, { text: 'two' }) }
    expect(differencesOf(historyOf(right), other)).toHaveLength(1)
    expect(differencesOf(historyOf(right), historyOf(right.slice(2)))).toEqual([])
  })
})
