/** The log of the memory store. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import type { HotBounds, HotLog, Trim } from './hot-log.ts'
import { answerAppend, checkProgress, clipGroups, countLines, placeGroups } from './log-rules.ts'
import type { Append, AppendResult, LogBounds } from './log-store.ts'
import type { MemoryBatch, MemoryRuns } from './memory-runs.ts'

export class MemoryLog implements HotLog {
  readonly #runs: MemoryRuns

  constructor(runs: MemoryRuns) {
    this.#runs = runs
  }

  async append(append: Append): Promise<AppendResult> {
    this.#runs.requireOpen()
    const run = this.#runs.require(append.run)
    const count = countLines(append.groups)
    checkProgress(append.progress)
    const answer = answerAppend(run.value, { ...append, count: count.positions })
    if (answer.kind !== 'stored') return answer
    // Copies, because the writer may use its buffers again.
    const groups = placeGroups(append.pos, append.groups).map((group) => ({
      ...group,
      bytes: group.bytes.slice(),
    }))
    run.batches.push({ pos: append.pos, next: answer.next, groups })
    run.value = {
      ...run.value,
      next: answer.next,
      lines: run.value.lines + count.lines,
      gaps: run.value.gaps + count.gaps,
    }
    this.#runs.change(run, append)
    return answer
  }

  async read(id: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    const batches = run?.batches ?? []
    const start = Math.max(from, run?.hot ?? 0)
    const groups: PlacedGroup[] = []
    let bytes = 0
    for (let at = batchAt(batches, start); at < batches.length && bytes <= bytesMax; at++) {
      const batch = clipGroups(batches[at]?.groups ?? [], start, Number.MAX_SAFE_INTEGER)
      groups.push(...batch)
      bytes += batch.reduce((sum, group) => sum + group.bytes.length, 0)
    }
    return clipGroups(groups, start, bytesMax)
  }

  async bounds(id: RunId): Promise<LogBounds> {
    this.#runs.requireOpen()
    const { first = 0, next = 0, epoch = 0 } = this.#runs.byId.get(id)?.value ?? {}
    return { first, next, epoch }
  }

  async drop(id: RunId): Promise<void> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    if (run === undefined) return
    run.batches.length = 0
    run.hot = run.value.next
    run.value = { ...run.value, first: run.value.next }
  }

  async hotBounds(id: RunId): Promise<HotBounds | undefined> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    return run && { first: run.value.first, hot: run.hot, next: run.value.next }
  }

  async hotBytes(id: RunId): Promise<number> {
    this.#runs.requireOpen()
    const groups = this.#runs.byId.get(id)?.batches.flatMap((batch) => batch.groups) ?? []
    return groups.reduce((sum, group) => sum + group.bytes.length, 0)
  }

  async trim(id: RunId, { before, isArchived }: Trim): Promise<void> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    if (run === undefined) return
    run.hot = Math.max(run.hot, Math.min(before, run.value.next))
    run.batches.splice(0, batchAt(run.batches, run.hot))
    if (isArchived) return
    run.value = { ...run.value, first: Math.max(run.value.first, run.hot) }
    this.#runs.change(run, { tasks: [] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#runs.close()
  }
}

/** Index of the first batch that ends after `pos`, by halving. */
function batchAt(batches: readonly MemoryBatch[], pos: number): number {
  let low = 0
  let high = batches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((batches[middle]?.next ?? 0) > pos) high = middle
    else low = middle + 1
  }
  return low
}
