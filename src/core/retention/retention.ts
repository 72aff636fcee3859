/** Retention: the policy, what it would remove, and its removal, which is told in the runs. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import {
  keepsAll,
  policyComplaint,
  type RetentionPolicy,
  type RetentionPreview,
  type RunSum,
  removesNothing,
} from '../../shared/retention.ts'
import type { RunId } from '../../shared/run.ts'
import type { RecordStore } from '../store/record-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import { chooseForRemoval, type KeptRun, toKeptRun } from './choose-for-removal.ts'
import { finishRemoval, type RemovalParts, removeLines } from './remove-lines.ts'
import { policyName, policyType } from './retention-records.ts'
import { withSavedBounds } from './saved-bounds.ts'

export interface RetentionParts extends RemovalParts {
  readonly records: RecordStore
}

export interface Retention {
  /** What is kept now: everything, when nobody has said otherwise. Rejects with `store-failed` when it cannot be read. */
  policy(): Promise<RetentionPolicy>
  /** The policy as it counts: with what saved commands say themselves of their runs. */
  rules(): Promise<RetentionPolicy>
  /** Whether there is any rule by which something goes, of the policy or of a saved command itself. */
  isNeeded(): Promise<boolean>
  /** What a policy would remove now. Rejects with `bad-request` when it is none. */
  preview(policy: RetentionPolicy): Promise<RetentionPreview>
  /** Keeps by this policy from now on; what it removes goes when it is applied. */
  save(policy: RetentionPolicy): Promise<void>
  /** Removes what is to be removed now, and resolves with how much that was. */
  apply(signal: AbortSignal): Promise<Applied>
}

export interface Applied {
  /** Runs whose lines are gone. */
  readonly lines: RunSum
  /** Runs that are gone from the list too. */
  readonly rows: number
}

export function createRetention(parts: RetentionParts): Retention {
  const stored = new TypedRecords(parts.records, policyType)
  const withOwn = (policy: RetentionPolicy) => withSavedBounds(policy, parts.records)
  const retention: Retention = {
    policy: async () => (await stored.get(policyName))?.value ?? keepsAll,
    rules: async () => withOwn(await retention.policy()),
    isNeeded: async () => !removesNothing(await retention.rules()),
    preview: async (policy) => {
      checkPolicy(policy)
      return previewOf(await keptRuns(parts), await withOwn(policy), parts.clock.now())
    },
    save: async (policy) => {
      checkPolicy(policy)
      await stored.put(policyName, policy)
    },
    apply: async (signal) => apply(await retention.rules(), parts, signal),
  }
  return retention
}

function checkPolicy(policy: RetentionPolicy): void {
  const complaint = policyComplaint(policy)
  if (complaint !== undefined) throw new AppError('bad-request', complaint)
}

/** Every run of the store, the newest first. */
async function* allRuns({ catalog }: RemovalParts): AsyncGenerator<ListedRun> {
  let before: RunId | undefined
  do {
    const limit = limits.runsPageMax
    const page = await catalog.listed({ limit, ...(before !== undefined && { before }) })
    yield* page
    before = page.length < limit ? undefined : page.at(-1)?.id
  } while (before !== undefined)
}

async function keptRuns(parts: RemovalParts): Promise<readonly KeptRun[]> {
  const runs: KeptRun[] = []
  for await (const run of allRuns(parts)) runs.push(toKeptRun(run))
  return runs
}

function previewOf(
  runs: readonly KeptRun[],
  policy: RetentionPolicy,
  now: number,
): RetentionPreview {
  const choice = chooseForRemoval(runs, policy, now)
  const lines = new Set(choice.lines.map(({ id }) => id))
  const rows = new Set(choice.rows)
  const unpinned = runs.filter(({ pinned }) => !pinned)
  const stays = ({ id, hasLines }: KeptRun) => hasLines && !lines.has(id) && !rows.has(id)
  return {
    lines: sumOf(unpinned.filter(({ id }) => lines.has(id))),
    rows: sumOf(unpinned.filter(({ id }) => rows.has(id))),
    kept: sumOf(unpinned.filter(stays)),
    pinned: sumOf(runs.filter(({ pinned, hasLines }) => pinned && hasLines)),
  }
}

/** Bytes of what still has its lines. */
function sumOf(runs: readonly KeptRun[]): RunSum {
  const bytes = runs.reduce((sum, run) => sum + (run.hasLines ? run.bytes : 0), 0)
  return { runs: runs.length, bytes }
}

async function apply(
  policy: RetentionPolicy,
  parts: RemovalParts,
  signal: AbortSignal,
): Promise<Applied> {
  const runs: KeptRun[] = []
  for await (const run of allRuns(parts)) {
    if (signal.aborted) break
    await finishRemoval(run, parts)
    runs.push(toKeptRun(run))
  }
  const bytes = new Map(runs.map((run) => [run.id, run.bytes]))
  const { lines, rows } = chooseForRemoval(runs, policy, parts.clock.now())
  const gone: KeptSum = { runs: 0, bytes: 0, rows: 0 }
  for (const chosen of lines) {
    if (signal.aborted) break
    const run = await parts.catalog.get(chosen.id)
    if (run === undefined || !(await removeLines(run, chosen, parts))) continue
    gone.runs += 1
    gone.bytes += bytes.get(chosen.id) ?? 0
  }
  for (const id of rows) {
    if (signal.aborted) break
    if (await removeRow(id, parts)) gone.rows += 1
  }
  return { lines: { runs: gone.runs, bytes: gone.bytes }, rows: gone.rows }
}

interface KeptSum {
  runs: number
  bytes: number
  rows: number
}

/** Unless it was pinned meanwhile. */
async function removeRow(id: RunId, { log, catalog }: RemovalParts): Promise<boolean> {
  const run = await catalog.get(id)
  if (run === undefined || run.pinned) return false
  await log.drop(id)
  await catalog.remove(id)
  return true
}
