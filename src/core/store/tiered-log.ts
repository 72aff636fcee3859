/** One log out of two: the newest lines in the hot one, the older ones in the archive. */
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Archive } from './archive.ts'
import { ColdLines } from './cold-lines.ts'
import type { HotBrake } from './hot-brake.ts'
import type { HotLog } from './hot-log.ts'
import { clipGroups } from './log-rules.ts'
import type { Append, AppendResult, LogBounds, LogStore } from './log-store.ts'

export interface TieredLogParts {
  readonly hot: HotLog
  readonly archive: Archive
  readonly brake: HotBrake
}

export class TieredLog implements LogStore {
  readonly #hot: HotLog
  readonly #archive: Archive
  readonly #cold: ColdLines
  readonly #brake: HotBrake
  /** The last append of each run whose writer is held: later ones come after it, and fail with it. */
  readonly #held = new Map<RunId, Promise<AppendResult>>()

  constructor({ hot, archive, brake }: TieredLogParts, metrics: Metrics) {
    this.#hot = hot
    this.#archive = archive
    this.#brake = brake
    this.#cold = new ColdLines(archive, metrics)
  }

  append(append: Append): Promise<AppendResult> {
    const { run } = append
    const before = this.#held.get(run)
    if (before === undefined && !this.#brake.holds(run)) return this.#add(append)
    return this.#addHeld(append, before)
  }

  async #addHeld(append: Append, before?: Promise<AppendResult>): Promise<AppendResult> {
    const { run } = append
    const turn = async () => {
      await before
      await this.#brake.released(run)
      return this.#add(append)
    }
    const adding = turn()
    this.#held.set(run, adding)
    try {
      return await adding
    } finally {
      if (this.#held.get(run) === adding) this.#held.delete(run)
    }
  }

  #add(append: Append): Promise<AppendResult> {
    this.#brake.added(
      append.run,
      append.groups.reduce((sum, { bytes }) => sum + bytes.length, 0),
    )
    return this.#hot.append(append)
  }

  /** Most readers are at the newest lines, and cost the hot log one read as without an archive. */
  async read(run: RunId, from: number, bytesMax: number): Promise<readonly PlacedGroup[]> {
    const newest = await this.#hot.read(run, from, bytesMax)
    if (newest[0]?.pos === from) return newest
    const bounds = await this.#hot.hotBounds(run)
    if (bounds === undefined) return []
    const groups: PlacedGroup[] = []
    let bytes = 0
    let at = Math.max(from, bounds.first)
    // The border may move on meanwhile: what was hot a moment ago is in the archive by then.
    while (at < bounds.next && bytes <= bytesMax) {
      const part = await this.#readAt(run, at, bytesMax - bytes)
      const last = part.at(-1)
      if (last === undefined) break
      groups.push(...part)
      bytes += part.reduce((sum, group) => sum + group.bytes.length, 0)
      at = last.pos + last.count
    }
    return clipGroups(groups, from, bytesMax)
  }

  bounds(run: RunId): Promise<LogBounds> {
    return this.#hot.bounds(run)
  }

  /** From the hot log first: what is in the archive alone is then wanted by nobody. */
  async drop(run: RunId): Promise<void> {
    await this.#hot.drop(run)
    await this.#archive.remove(run)
    this.#cold.forget(run)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#hot[Symbol.asyncDispose]()
  }

  /** Lines from exactly `at` on, out of the one that has them; none when they were dropped meanwhile. */
  async #readAt(run: RunId, at: number, bytesMax: number): Promise<readonly PlacedGroup[]> {
    const found = await this.#hot.read(run, at, bytesMax)
    if (found[0]?.pos === at) return found
    const bounds = await this.#hot.hotBounds(run)
    if (bounds === undefined || at < bounds.first || at >= bounds.hot) return []
    return this.#cold.read(run, { from: at, next: bounds.hot })
  }
}
