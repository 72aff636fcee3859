/** The log of the memory store. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import { answerAppend, checkProgress, clipGroups, countLines, placeGroups } from './log-rules.ts'
import type { Append, AppendResult, LogStore } from './log-store.ts'
import type { MemoryBatch, MemoryRuns } from './memory-runs.ts'

export class MemoryLog implements LogStore {
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
    const batches = this.#runs.byId.get(id)?.batches ?? []
    const groups: PlacedGroup[] = []
    let bytes = 0
    for (let at = batchAt(batches, from); at < batches.length && bytes <= bytesMax; at++) {
      const batch = clipGroups(batches[at]?.groups ?? [], from, Number.MAX_SAFE_INTEGER)
      groups.push(...batch)
      bytes += batch.reduce((sum, group) => sum + group.bytes.length, 0)
    }
    return clipGroups(groups, from, bytesMax)
  }

  async bounds(id: RunId): Promise<{ readonly first: number; readonly next: number }> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    return run === undefined
      ? { first: 0, next: 0 }
      : { first: run.value.first, next: run.value.next }
  }

  async drop(id: RunId): Promise<void> {
    this.#runs.requireOpen()
    const run = this.#runs.byId.get(id)
    if (run === undefined) return
    run.batches.length = 0
    run.value = { ...run.value, first: run.value.next }
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
