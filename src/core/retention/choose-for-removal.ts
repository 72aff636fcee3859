/** Which runs a policy takes the lines of, and which it takes from the list: decides, removes nothing. */

import type { ListedRun } from '../../shared/listed-run.ts'
import type { Removal, RetentionPolicy, RunBounds } from '../../shared/retention.ts'
import type { RunId } from '../../shared/run.ts'
import { parseTime } from '../../shared/time.ts'

/** What of a run counts for that. */
export interface KeptRun {
  readonly id: RunId
  readonly createdAt: string
  /** Null while it goes on: then nothing of it goes, but it counts. */
  readonly endedAt: string | null
  /** Stays, and does not count. */
  readonly pinned: boolean
  readonly hasLines: boolean
  readonly bytes: number
  /** Name of the saved command that it came from. */
  readonly saved: string | null
}

export interface Choice {
  /** The oldest first. */
  readonly lines: readonly ChosenRun[]
  readonly rows: readonly RunId[]
}

export interface ChosenRun extends Pick<Removal, 'rule' | 'limit'> {
  readonly id: RunId
}

/** `now` in milliseconds since 1970. */
export function chooseForRemoval(
  runs: readonly KeptRun[],
  policy: RetentionPolicy,
  now: number,
): Choice {
  const newestFirst = runs.filter(({ pinned }) => !pinned).toSorted(byAge)
  const rows = newestFirst.filter((run) => isOver(run, rowAgeOf(run, policy), now))
  const gone = new Set(rows)
  const left = newestFirst.filter((run) => run.hasLines && !gone.has(run))
  const lines: ChosenRun[] = []
  const kept: KeptRun[] = []
  const counts = new Map<string | null, number>()
  for (const run of left) {
    const { name, ageMs, runsMax } = boundsFor(run, policy)
    const count = (counts.get(name) ?? 0) + 1
    const isTooMany = runsMax !== null && count > runsMax && run.endedAt !== null
    if (ageMs !== null && isOver(run, ageMs, now))
      lines.push({ id: run.id, rule: 'age', limit: ageMs })
    else if (isTooMany) lines.push({ id: run.id, rule: 'runs', limit: runsMax })
    else {
      kept.push(run)
      counts.set(name, count)
    }
  }
  return {
    lines: [...lines, ...overSize(kept, policy.bytesMax)].toReversed(),
    rows: rows.map(({ id }) => id),
  }
}

/** The run as it counts. */
export function toKeptRun(run: ListedRun): KeptRun {
  const { id, createdAt, endedAt, pinned, removed, first, next, bytes, saved } = run
  return {
    id,
    createdAt,
    endedAt: run.state === 'ended' ? endedAt : null,
    pinned,
    hasLines: removed === null && next > first,
    bytes,
    saved: saved?.name ?? null,
  }
}

function byAge(a: KeptRun, b: KeptRun): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1
  return a.id < b.id ? 1 : -1
}

function isOver({ endedAt }: KeptRun, ageMs: number | null, now: number): boolean {
  return ageMs !== null && endedAt !== null && now - parseTime(endedAt) > ageMs
}

/** A row stays as long as the lines of its run may: a saved command can ask for longer than the policy does. */
function rowAgeOf(run: KeptRun, policy: RetentionPolicy): number | null {
  const { ageMs } = boundsFor(run, policy)
  return policy.rowAgeMs === null ? null : Math.max(policy.rowAgeMs, ageMs ?? 0)
}

/** The name is that of the saved command with a rule of its own; all others count together. */
function boundsFor(
  { saved }: KeptRun,
  policy: RetentionPolicy,
): RunBounds & { readonly name: string | null } {
  const own = policy.saved.find(({ name }) => name === saved)
  return own ?? { name: null, ageMs: policy.ageMs, runsMax: policy.runsMax }
}

/** Older ones than the first that does not fit go too; the newest stays, however large. */
function overSize(newestFirst: readonly KeptRun[], bytesMax: number | null): ChosenRun[] {
  if (bytesMax === null) return []
  let bytes = 0
  return newestFirst.flatMap(({ id, endedAt, ...run }, at) => {
    bytes += run.bytes
    const isOverSize = bytes > bytesMax && at > 0 && endedAt !== null
    return isOverSize ? [{ id, rule: 'size' as const, limit: bytesMax }] : []
  })
}
