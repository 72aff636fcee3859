/** The reference archive: everything in memory. For tests, and the measure of other archives. */
import { decodeBatch, encodeBatch } from '../../shared/batch-codec.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import { type Archive, type ArchivedRange, type PutRange, rangeOf } from './archive.ts'

export class MemoryArchive implements Archive {
  readonly #runs = new Map<RunId, Map<string, MemoryRange>>()

  async put(run: RunId, groups: readonly PlacedGroup[]): Promise<PutRange> {
    const range = rangeOf(groups)
    const ranges = this.#runs.get(run) ?? new Map<string, MemoryRange>()
    this.#runs.set(run, ranges)
    // A copy: the groups may be views of what their owner uses again.
    const batch = encodeBatch(groups)
    ranges.set(nameOf(range), { ...range, batch })
    return { ...range, bytes: batch.length }
  }

  async ranges(run: RunId): Promise<readonly ArchivedRange[]> {
    return [...(this.#runs.get(run)?.values() ?? [])]
      .map(({ from, next }) => ({ from, next }))
      .toSorted((a, b) => a.from - b.from || a.next - b.next)
  }

  async load(run: RunId, range: ArchivedRange): Promise<readonly PlacedGroup[] | undefined> {
    const found = this.#runs.get(run)?.get(nameOf(range))
    return found === undefined ? undefined : decodeBatch(found.batch, found.from)
  }

  async remove(run: RunId): Promise<void> {
    this.#runs.delete(run)
  }
}

interface MemoryRange extends ArchivedRange {
  readonly batch: Uint8Array
}

function nameOf({ from, next }: ArchivedRange): string {
  return `${from}-${next}`
}
