/** Reads lines out of the archive, a range at a time; the last ones read are kept unpacked. */
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Archive, ArchivedRange } from './archive.ts'
import { clipGroups } from './log-rules.ts'
import { lostLines } from './lost-lines.ts'

export class ColdLines {
  readonly #archive: Archive
  readonly #metrics: Metrics
  /** The one used last at the end. */
  readonly #kept: Kept[] = []

  constructor(archive: Archive, metrics: Metrics) {
    this.#archive = archive
    this.#metrics = metrics
  }

  /**
   * Lines from exactly `from` on, to before `next` at most. What no range holds, or only damaged
   * ones, is given as rows that say so. Rejects when the archive is away.
   */
  async read(run: RunId, { from, next }: ArchivedRange): Promise<readonly PlacedGroup[]> {
    const groups = await this.#load(run, from)
    const found = clipGroups(groups.kept ?? [], from, Number.MAX_SAFE_INTEGER)
    if (groups.kept === undefined) return lostLines(from, Math.min(next, groups.next), lostText)
    return found.filter((group) => group.pos < next)
  }

  /** The run was dropped. */
  forget(run: RunId): void {
    for (let at = this.#kept.length - 1; at >= 0; at--) {
      if (this.#kept[at]?.run === run) this.#kept.splice(at, 1)
    }
  }

  /** The groups of a range that holds `pos`; without one, where the next range begins. */
  async #load(run: RunId, pos: number): Promise<Found> {
    const known = this.#kept.find((each) => each.run === run && holds(each, pos))
    if (known !== undefined) return { kept: this.#use(known) }
    const ranges = await this.#archive.ranges(run)
    // The one that reaches furthest first; another one of the same lines when it is damaged.
    const holding = ranges.filter((range) => holds(range, pos)).toSorted((a, b) => b.next - a.next)
    for (const range of holding) {
      this.#metrics.add('farglass_archive_reads_total')
      const groups = await this.#archive.load(run, range)
      if (groups !== undefined) return { kept: this.#use({ ...range, run, groups }) }
    }
    const end = Math.min(...holding.map(({ next }) => next))
    const later = ranges.filter(({ from }) => from > pos).map(({ from }) => from)
    return { next: Math.min(end, ...later) }
  }

  #use(kept: Kept): readonly PlacedGroup[] {
    const at = this.#kept.indexOf(kept)
    if (at >= 0) this.#kept.splice(at, 1)
    this.#kept.push(kept)
    if (this.#kept.length > limits.archiveChunksKept) this.#kept.shift()
    return kept.groups
  }
}

type Found =
  | { readonly kept: readonly PlacedGroup[] }
  | { readonly kept?: undefined; readonly next: number }

interface Kept extends ArchivedRange {
  readonly run: RunId
  readonly groups: readonly PlacedGroup[]
}

function holds({ from, next }: ArchivedRange, pos: number): boolean {
  return from <= pos && pos < next
}

const lostText = 'gap: the line that was here has been lost or damaged in the archive of Farglass'
