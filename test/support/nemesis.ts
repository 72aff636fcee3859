/** Faults at random moments, planned from a seed before they begin, so that the seed gives the plan again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from './seeded-random.ts'

/** What it does, from the moment of the fault until it is over. */
export type FaultAct = (forMs: number, signal: AbortSignal) => Promise<unknown>

export interface FaultKind {
  readonly act: FaultAct
  /** How long such a fault lasts; 0 to 0 for one that is over at once. */
  readonly msMin: number
  readonly msMax: number
}

export interface PlannedFault {
  readonly atMs: number
  readonly kind: string
  readonly forMs: number
}

export interface PlanOptions {
  /** From the first possible moment to the last one. */
  readonly startMs: number
  readonly endMs: number
  readonly count: number
}

/** The faults of one trial, in the order of their moments. */
export function planFaults(
  random: SeededRandom,
  kinds: Readonly<Record<string, FaultKind>>,
  { startMs, endMs, count }: PlanOptions,
): PlannedFault[] {
  const [first, ...others] = Object.entries(kinds)
  if (first === undefined) return []
  const plan = Array.from({ length: count }, () => {
    const atMs = random.between(startMs, endMs)
    const [kind, { msMin, msMax }] = random.pick([first, ...others])
    return { atMs, kind, forMs: random.between(msMin, msMax) }
  })
  return plan.toSorted((a, b) => a.atMs - b.atMs)
}

/** Does them one after the other; a fault that comes due during another one waits for its end. */
export async function runFaults(
  plan: readonly PlannedFault[],
  kinds: Readonly<Record<string, FaultKind>>,
  signal: AbortSignal,
): Promise<PlannedFault[]> {
  const begin = performance.now()
  const done: PlannedFault[] = []
  for (const fault of plan) {
    const waitMs = Math.max(0, begin + fault.atMs - performance.now())
    await sleep(waitMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    await kinds[fault.kind]?.act(fault.forMs, signal)
    done.push(fault)
  }
  return done
}
