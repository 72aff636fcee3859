import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keepsAll, keptBounds, type RetentionPolicy } from '../../shared/retention.ts'
import { isoTime } from '../../shared/time.ts'
import { type Choice, chooseForRemoval, type KeptRun } from './choose-for-removal.ts'

const dayMs = 86_400_000
const now = 100 * dayMs

describe('which runs lose their lines', () => {
  test('those that ended longer ago than the age, and no others', () => {
    const runs = [
      runOf('a', { endedDay: 69 }),
      runOf('b', { endedDay: 70 }),
      runOf('c', { endedDay: 71 }),
    ]
    const { lines, rows } = chooseForRemoval(runs, { ...keepsAll, ageMs: 30 * dayMs }, now)
    expect(lines).toEqual([{ id: 'a', rule: 'age', limit: 30 * dayMs }])
    expect(rows).toEqual([])
  })

  test('the oldest, until the rest fits into the size; the newest stays, however large', () => {
    const runs = [3, 2, 1].map((day) => runOf(`d${day}`, { endedDay: day, bytes: 60 }))
    const policy = { ...keepsAll, bytesMax: 120 }
    expect(chooseForRemoval(runs, policy, now).lines).toEqual([
      { id: 'd1', rule: 'size', limit: 120 },
    ])
    expect(idsOf(chooseForRemoval(runs, { ...keepsAll, bytesMax: 1 }, now))).toEqual(['d1', 'd2'])
  })

  test('the runs of a saved command go by its own rule, and do not count for the others', () => {
    const runs = [1, 2, 3].flatMap((day) => [
      runOf(`own${day}`, { endedDay: day, saved: 'backup' }),
      runOf(`other${day}`, { endedDay: day, saved: day === 1 ? null : 'deploy' }),
    ])
    const saved = [{ name: 'backup', ageMs: null, runsMax: 1 }]
    const policy = { ...keepsAll, runsMax: 2, saved }
    expect(idsOf(chooseForRemoval(runs, policy, now))).toEqual(['other1', 'own1', 'own2'])
    const old = {
      ...keepsAll,
      ageMs: dayMs,
      saved: [{ name: 'backup', ageMs: null, runsMax: null }],
    }
    expect(idsOf(chooseForRemoval(runs, old, now))).toEqual(['other1', 'other2', 'other3'])
  })

  test('after the second age a run goes from the list too, with or without its lines', () => {
    const runs = [
      runOf('a', { endedDay: 1, hasLines: false }),
      runOf('b', { endedDay: 2 }),
      runOf('c', { endedDay: 50 }),
    ]
    const policy = { ...keepsAll, ageMs: 30 * dayMs, rowAgeMs: 90 * dayMs }
    const { lines, rows } = chooseForRemoval(runs, policy, now)
    expect([lines.map(({ id }) => id), rows.toSorted()]).toEqual([['c'], ['a', 'b']])
  })
})

test('a saved command that keeps its lines for longer keeps the row of the run as long', () => {
  const runs = [1, 50].map((day) => runOf(`d${day}`, { endedDay: day, saved: 'backup' }))
  const saved = [{ name: 'backup', ageMs: 90 * dayMs, runsMax: null }]
  const policy = { ...keepsAll, ageMs: 7 * dayMs, rowAgeMs: 30 * dayMs, saved }
  expect(chooseForRemoval(runs, policy, now)).toEqual({ lines: [], rows: ['d1'] })
})

describe('whatever runs there are and whatever the policy', () => {
  test('what is pinned or goes on stays; the bounds hold for the rest; older ones go first; twice removes no more', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 30 }), anyPolicy, (facts, policy) => {
        const runs = facts.map((fact, at) => runOf(`r${at}`, fact))
        const choice = chooseForRemoval(runs, policy, now)
        const gone = new Set([...idsOf(choice), ...choice.rows])
        for (const run of runs)
          if (run.pinned || run.endedAt === null) expect(gone).not.toContain(run.id)
        const after = runs
          .filter(({ id }) => !choice.rows.includes(id))
          .map((run) => (gone.has(run.id) ? { ...run, hasLines: false } : run))
        const again = chooseForRemoval(after, policy, now)
        expect([again.lines, again.rows]).toEqual([[], []])
        expectWithin(after, policy)
      }),
    )
  })

  test('go at the age that is said of them, and not before', () => {
    const anySaved = fc.constantFrom(null, 'backup', 'deploy')
    fc.assert(
      fc.property(anyPolicy, anySaved, ({ ageMs, rowAgeMs, saved: own }, saved) => {
        const rules = own.map((rule) => ({ ...rule, runsMax: null }))
        const policy = { ...keepsAll, ageMs, rowAgeMs, saved: rules }
        const isGone = (age: number) => {
          const run = { ...runOf('a', { endedDay: 0, saved }), endedAt: isoTime(now - age) }
          const { lines, rows } = chooseForRemoval([run], policy, now)
          return lines.length + rows.length > 0
        }
        const said = keptBounds(saved, policy).ageMs
        const around = said === null ? [now, now] : [said, said + 1]
        expect(around.map(isGone)).toEqual([false, said !== null])
      }),
    )
  })
})

const anyRun = fc.record({
  createdDay: fc.integer({ min: 0, max: 99 }),
  endedDay: fc.option(fc.integer({ min: 0, max: 100 })),
  pinned: fc.boolean(),
  hasLines: fc.boolean(),
  bytes: fc.integer({ min: 0, max: 100 }),
  saved: fc.constantFrom(null, 'backup', 'deploy'),
})

const bound = (max: number) => fc.option(fc.integer({ min: 1, max }))
const ages = fc.option(fc.integer({ min: 1, max: 100 }).map((days) => days * dayMs))

const anyPolicy: fc.Arbitrary<RetentionPolicy> = fc.record({
  ageMs: ages,
  bytesMax: bound(1_000),
  runsMax: bound(30),
  rowAgeMs: ages,
  saved: fc.oneof(
    fc.constant([]),
    fc.record({ ageMs: ages, runsMax: bound(5) }).map((rule) => [{ ...rule, name: 'backup' }]),
  ),
})

/** Of those that have ended and are not pinned; the newest one may be larger than all may be together. */
function expectWithin(runs: readonly KeptRun[], policy: RetentionPolicy): void {
  const counted = runs.filter(({ pinned, hasLines }) => !pinned && hasLines)
  const newestFirst = counted.toSorted((a, b) =>
    `${a.createdAt}${a.id}` < `${b.createdAt}${b.id}` ? 1 : -1,
  )
  let bytes = 0
  for (const [at, run] of newestFirst.entries()) {
    bytes += run.bytes
    if (at > 0 && run.endedAt !== null) expect(bytes).toBeLessThanOrEqual(policy.bytesMax ?? bytes)
  }
  for (const { name, ageMs, runsMax } of [{ ...policy, name: null }, ...policy.saved]) {
    const isOther = ({ saved }: KeptRun) => policy.saved.every((rule) => rule.name !== saved)
    const ended = counted.filter(
      (run) => run.endedAt !== null && (name === null ? isOther(run) : run.saved === name),
    )
    expect(ended.length).toBeLessThanOrEqual(runsMax ?? ended.length)
    for (const { endedAt } of ended) {
      const age = now - Date.parse(endedAt ?? '')
      expect(age).toBeLessThanOrEqual(ageMs ?? age)
    }
  }
}

interface Facts extends Partial<Omit<KeptRun, 'id' | 'createdAt' | 'endedAt'>> {
  readonly createdDay?: number
  readonly endedDay: number | null
}

function runOf(id: string, { createdDay, endedDay, ...more }: Facts): KeptRun {
  return {
    id,
    createdAt: isoTime((createdDay ?? endedDay ?? 0) * dayMs),
    endedAt: endedDay === null ? null : isoTime(endedDay * dayMs),
    pinned: false,
    hasLines: true,
    bytes: 10,
    saved: null,
    ...more,
  }
}

function idsOf({ lines }: Choice): string[] {
  return lines.map(({ id }) => id)
}
