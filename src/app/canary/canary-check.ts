/** Judges what came of a canary's lines: which are missing, came twice, too late, or are damaged. Pure. */
import { type CanaryPlan, readCanaryLine } from './canary-lines.ts'

export interface LineCounts {
  readonly sent: number
  readonly lost: number
  readonly duplicated: number
  /** Lines that came after one that was sent later. */
  readonly reordered: number
  /** Texts that are no line of this canary as it was sent. */
  readonly damaged: number
}

export const faultNames = ['lost', 'duplicated', 'reordered', 'damaged'] as const

export type FaultName = (typeof faultNames)[number]

export interface LineCheck extends LineCounts {
  /** A line that shows each fault: its number, for `damaged` its place among what came; from 1. */
  readonly examples: Readonly<Partial<Record<FaultName, number>>>
}

/** Texts in the order in which they came. A damaged line has come, so it is not lost as well. */
export function checkCanaryLines(plan: CanaryPlan, texts: Iterable<string>): LineCheck {
  const seen = new Uint8Array(plan.lines + 1)
  const counts = { duplicated: 0, reordered: 0, damaged: 0 }
  const examples: Partial<Record<FaultName, number>> = {}
  let place = 0
  let newest = 0
  let known = 0
  const note = (fault: 'duplicated' | 'reordered' | 'damaged', example: number) => {
    counts[fault] += 1
    examples[fault] ??= example
  }
  for (const text of texts) {
    place += 1
    const line = readCanaryLine(plan, text)
    if (line === null) {
      note('damaged', place)
      continue
    }
    const { number } = line
    if (seen[number] === 1) {
      note('duplicated', number)
      continue
    }
    seen[number] = 1
    known += 1
    if (number < newest) note('reordered', number)
    newest = Math.max(newest, number)
  }
  const lost = Math.max(0, plan.lines - known - counts.damaged)
  if (lost > 0) examples.lost = seen.indexOf(0, 1)
  return { sent: plan.lines, lost, ...counts, examples }
}

export function isFaultless(counts: LineCounts): boolean {
  return faultNames.every((fault) => counts[fault] === 0)
}

/** The figures of several channels together. */
export function addCounts(all: readonly LineCounts[]): LineCounts {
  const sum = (name: keyof LineCounts) => all.reduce((total, one) => total + one[name], 0)
  return {
    sent: sum('sent'),
    lost: sum('lost'),
    duplicated: sum('duplicated'),
    reordered: sum('reordered'),
    damaged: sum('damaged'),
  }
}

/** The worst of several readings of the same lines. */
export function worstCounts(all: readonly LineCounts[]): LineCounts {
  const worst = (name: keyof LineCounts) => Math.max(0, ...all.map((one) => one[name]))
  return {
    sent: worst('sent'),
    lost: worst('lost'),
    duplicated: worst('duplicated'),
    reordered: worst('reordered'),
    damaged: worst('damaged'),
  }
}
