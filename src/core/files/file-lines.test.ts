import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileEvent } from './file-event.ts'
import { FileLines } from './file-lines.ts'
import { emptyTail } from './file-position.ts'
import { decodeProgress, noProgress } from './files-progress.ts'
import { placeAfter } from './place.ts'

const text = (value: string) => new TextEncoder().encode(value)
const file = '/var/log/app.log'

function position(generation: string, offset = 0, tail: Uint8Array = emptyTail): FileEvent {
  const place = placeAfter(generation, { offset, modified: 5 }, tail)
  return { kind: 'position', file, position: place.position, tail }
}

const bytes = (generation: string, value: string): FileEvent => ({
  kind: 'bytes',
  file,
  generation,
  modified: 6,
  bytes: text(value),
})
const closed = (generation: string): FileEvent => ({ kind: 'closed', file, generation })

/** What is given out, and the positions that are stored with the last of it. */
function take(lines: FileLines, events: readonly FileEvent[]) {
  const given: string[] = []
  for (const event of events) {
    for (const { slab } of lines.take(event)) given.push(new TextDecoder().decode(slab.bytes))
  }
  const stored = decodeProgress(lines.progress)?.files.get(file) ?? []
  return { given, stored: stored.map(({ generation, offset }) => `${generation}@${offset}`) }
}

describe('lines of followed files', () => {
  it('a position moves with whole lines only', () => {
    const lines = new FileLines(noProgress)
    expect(take(lines, [position('1:7', 100)]).stored).toEqual(['1:7@100'])
    expect(take(lines, [bytes('1:7', 'one\ntwo\nthr')])).toEqual({
      given: ['one\ntwo\n'],
      stored: ['1:7@108'],
    })
    expect(take(lines, [bytes('1:7', 'ee\n')])).toEqual({ given: ['three\n'], stored: ['1:7@114'] })
  })

  it('keeps the end of the old generation until the new one has its first line', () => {
    const lines = new FileLines(noProgress)
    take(lines, [position('1:7'), bytes('1:7', 'one\nrest')])
    expect(take(lines, [closed('1:7'), position('2:8'), bytes('2:8', 'ne')])).toEqual({
      given: ['rest'],
      stored: ['1:7@8'],
    })
    expect(take(lines, [bytes('2:8', 'w\n')])).toEqual({ given: ['new\n'], stored: ['2:8@4'] })
  })

  it('an unfinished line of a file that was renamed may be finished by a late write', () => {
    const lines = new FileLines(noProgress)
    take(lines, [position('1:7'), bytes('1:7', 'ol')])
    expect(take(lines, [position('2:8'), bytes('2:8', 'new\nne'), bytes('1:7', 'd\n')])).toEqual({
      given: ['new\n', 'old\n'],
      stored: ['1:7@4', '2:8@4'],
    })
    expect(take(lines, [closed('1:7')]).stored).toEqual(['2:8@4'])
  })

  it('goes on from what was stored, whenever it is interrupted', () => {
    const all = 'a\nbb\n\nccc\nd\n'
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        (cuts) => {
          let progress = noProgress
          let given = ''
          for (const cut of [...cuts, all.length]) {
            const lines = new FileLines(progress)
            const from = progress.files.get(file)?.[0]?.offset ?? 0
            const { given: more } = take(lines, [
              position('1:7', from, text(all.slice(0, from))),
              bytes('1:7', all.slice(from, from + cut)),
            ])
            given += more.join('')
            progress = decodeProgress(lines.progress) ?? noProgress
          }
          const rest = take(new FileLines(progress), [
            position('1:7', given.length, text(given)),
            bytes('1:7', all.slice(given.length)),
          ])
          expect(given + rest.given.join('')).toBe(all)
        },
      ),
    )
  })

  it('what is stored comes back as it was, and nothing else is taken for it', () => {
    const lines = new FileLines(noProgress)
    take(lines, [position('1:7'), bytes('1:7', 'one\n'), { kind: 'begun', pattern: '/var/log/*' }])
    const progress = decodeProgress(lines.progress)
    expect(progress?.begun.has('/var/log/*')).toBe(true)
    expect(progress?.files.get(file)).toMatchObject([{ offset: 4, before: { bytes: 4 } }])
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (other) => {
        const decoded = decodeProgress(other)
        expect(decoded === undefined || decoded.files instanceof Map).toBe(true)
      }),
    )
    for (const bad of [
      '{}',
      '{"files":[["a",[]]],"begun":[]}',
      '{"files":[["a",[["x",1,1,0,""]]]],"begun":[]}',
    ]) {
      expect(decodeProgress(bad)).toBeUndefined()
    }
  })
})
