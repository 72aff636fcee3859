import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCanaryLines, faultNames, isFaultless } from './canary-check.ts'
import { canaryText, readCanaryLine } from './canary-lines.ts'

const plan = { seed: 4_711, lines: 20 }
const sent = Array.from({ length: plan.lines }, (_, at) => canaryText(plan, at + 1, stampOf(at)))

/** As hosts write them: none, with nanoseconds, and as hundredths since boot. */
function stampOf(at: number): string {
  return ['-', `1795599032.0${at}7530741`, `${at}.07`][at % 3] ?? '-'
}

const none = { sent: 20, lost: 0, duplicated: 0, reordered: 0, damaged: 0 }

describe('the check of canary lines', () => {
  test('finds nothing when every line came as it was sent', () => {
    expect(checkCanaryLines(plan, sent)).toEqual({ ...none, examples: {} })
  })

  test('a dropped line is lost, and the first one is named', () => {
    const texts = sent.filter((_, at) => at !== 6 && at !== 9)
    expect(checkCanaryLines(plan, texts)).toEqual({ ...none, lost: 2, examples: { lost: 7 } })
  })

  test('a doubled line is duplicated, wherever the second one comes', () => {
    for (const at of [4, 19]) {
      const texts = sent.toSpliced(at, 0, sent[3] ?? '')
      const examples = { duplicated: 4 }
      expect(checkCanaryLines(plan, texts)).toEqual({ ...none, duplicated: 1, examples })
    }
  })

  test('two swapped lines are one that came late', () => {
    const texts = sent.toSpliced(3, 2, sent[4] ?? '', sent[3] ?? '')
    expect(checkCanaryLines(plan, texts)).toEqual({
      ...none,
      reordered: 1,
      examples: { reordered: 4 },
    })
  })

  test('a damaged line is damaged, and not lost as well', () => {
    const texts = sent.with(3, `${sent[3] ?? ''}!`)
    expect(checkCanaryLines(plan, texts)).toEqual({ ...none, damaged: 1, examples: { damaged: 4 } })
  })

  test('a line of another canary, and one that was never sent, are damage', () => {
    const other = canaryText({ seed: plan.seed + 1, lines: 20 }, 5)
    const beyond = canaryText({ seed: plan.seed, lines: 21 }, 21)
    expect(checkCanaryLines(plan, [...sent, other, beyond])).toMatchObject({ damaged: 2, lost: 0 })
  })

  test('nothing that came is everything lost', () => {
    expect(checkCanaryLines(plan, [])).toMatchObject({ lost: 20, examples: { lost: 1 } })
  })

  test('any change of any character of any line is seen', () => {
    const line = fc.nat(sent.length - 1).map((at) => sent[at] ?? '')
    const change = fc.record({
      at: fc.nat(),
      cut: fc.integer({ min: 0, max: 2 }),
      put: fc.string({
        maxLength: 2,
        unit: fc.constantFrom('0', '1', '7', '9', '-', '.', ' ', '#'),
      }),
    })
    fc.assert(
      fc.property(line, change, (text, { at, cut, put }) => {
        const start = at % text.length
        const changed = text.slice(0, start) + put + text.slice(start + cut)
        fc.pre(changed !== text)
        expect(readCanaryLine(plan, changed)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  test('whatever is planted is reported, each fault by its name', () => {
    const fault = fc.record({ kind: fc.constantFrom(...faultNames), at: fc.nat(plan.lines - 2) })
    fc.assert(
      fc.property(fault, ({ kind, at }) => {
        const check = checkCanaryLines(plan, plant(kind, at))
        expect(check[kind]).toBe(1)
        expect(isFaultless(check)).toBe(false)
        for (const other of faultNames) if (other !== kind) expect(check[other]).toBe(0)
      }),
    )
  })

  test('with any number of faults at once none makes the result look good', () => {
    const faults = fc.array(fc.record({ kind: fc.nat(3), at: fc.nat() }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(faults, (all) => {
        let texts: string[] = [...sent]
        for (const { kind, at } of all) texts = spoil(texts, kind, at)
        fc.pre(texts.join('\n') !== sent.join('\n'))
        expect(isFaultless(checkCanaryLines(plan, texts))).toBe(false)
      }),
    )
  })
})

function plant(kind: (typeof faultNames)[number], at: number): string[] {
  return spoil(sent, faultNames.indexOf(kind), at)
}

function spoil(texts: readonly string[], kind: number, at: number): string[] {
  if (texts.length < 2) return [...texts]
  const place = at % (texts.length - 1)
  const [one = '', two = ''] = texts.slice(place, place + 2)
  const becomes = [[two], [one, one, two], [two, one], [`${one.slice(0, -1)}?`, two]][kind] ?? []
  return texts.toSpliced(place, 2, ...becomes)
}
