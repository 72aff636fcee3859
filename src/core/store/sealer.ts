/** Keeps what runs take in the hot log within bounds: moves their oldest lines into the archive, or removes them. */
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { RunId } from '../../shared/run.ts'
import { parseTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { moveChunk, type Tiers } from './move-chunk.ts'
import type { RunCatalog } from './run-catalog.ts'

export interface SealerParts extends Tiers {
  readonly catalog: RunCatalog
  readonly clock: Clock
  readonly metrics: Metrics
  /** Name of this node: it looks after the runs that it carries, and everybody after those that have ended. */
  readonly own: string
  readonly policy: SealPolicy
  /** From 0 to 1, so that nodes do not look at the same moment. */
  readonly random: () => number
  /** Lines of a run are gone for good, and it begins at this position. */
  readonly onRemoved: (run: RunId, first: number) => void
  /** The archive has begun to fail, or works again (null). */
  readonly onTrouble: (reason: AppError | null) => void
}

export interface SealPolicy {
  /** Of a run in the hot log; more is moved. */
  readonly keepBytes: number
  /** All lines of a run that ended so long ago are moved, when there is an archive. */
  readonly coldAfterMs: number
}

export interface HotFacts {
  readonly bytes: number
  /** Null while the run goes on. */
  readonly endedForMs: number | null
}

/** Whether a run's oldest hot lines go now. */
export function isDue(facts: HotFacts, policy: SealPolicy, hasArchive: boolean): boolean {
  if (facts.bytes > policy.keepBytes) return true
  return hasArchive && facts.endedForMs !== null && facts.endedForMs >= policy.coldAfterMs
}

/** Looks after the runs until the signal aborts. Never rejects: what fails is tried again, nothing is lost meanwhile. */
export async function sealRuns(parts: SealerParts, signal: AbortSignal): Promise<void> {
  const sealer = new Sealer(parts, signal)
  while (!signal.aborted) {
    const waitMs = await sealer.round()
    await parts.clock.sleep(waitMs * (0.5 + parts.random()), signal)
  }
  parts.brake.letGo()
}

class Sealer {
  readonly #parts: SealerParts
  readonly #signal: AbortSignal
  #failures = 0
  #nextEndedMs = 0
  /** Last run of the page of older ones that was looked at. */
  #walked: RunId | undefined

  constructor(parts: SealerParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
  }

  /** Gives the time to wait until the next one. */
  async round(): Promise<number> {
    try {
      await this.#lookAtOwn()
      if (this.#parts.clock.elapsed() >= this.#nextEndedMs) {
        await this.#lookAtEnded()
        this.#nextEndedMs = this.#parts.clock.elapsed() + limits.sealEndedEveryMs
      }
      if (this.#failures > 0) this.#parts.onTrouble(null)
      this.#failures = 0
      return limits.sealEveryMs
    } catch (thrown) {
      this.#parts.metrics.add('farglass_seal_failures_total')
      const reason = toAppError(thrown)
      this.#parts.brake.failed(busyBecause(reason))
      if (this.#failures === 0) this.#parts.onTrouble(reason)
      this.#failures += 1
      return Math.min(limits.sealRetryMsMax, limits.sealEveryMs * 2 ** Math.min(this.#failures, 10))
    }
  }

  async #lookAtOwn(): Promise<void> {
    const { catalog, metrics, own, brake } = this.#parts
    const runs = (await catalog.unfinished()).filter(({ owner }) => owner === own)
    brake.keepOnly(new Set(runs.map(({ id }) => id)), this.#heldFrom)
    let bytes = 0
    for (const { id } of runs) bytes += await this.#lookAt(id, null)
    metrics.set('farglass_hot_bytes', bytes)
  }

  /** The newest page each time, as most are there, and one page of older ones in turn. */
  async #lookAtEnded(): Promise<void> {
    const newest = await this.#page(undefined)
    const older = this.#walked === undefined ? [] : await this.#page(this.#walked)
    this.#walked = (older.length > 0 ? older : newest).at(-1)?.id
    for (const run of [...newest, ...older]) await this.#lookAt(run.id, this.#endedForMs(run))
  }

  #page(before: RunId | undefined): Promise<readonly ListedRun[]> {
    const limit = limits.sealEndedRunsMax
    const { catalog } = this.#parts
    return catalog.listed({ limit, states: ['ended'], ...(before !== undefined && { before }) })
  }

  /** Bytes that it still takes. */
  async #lookAt(run: RunId, endedForMs: number | null): Promise<number> {
    const { hot, archive, brake, policy, metrics, onRemoved } = this.#parts
    for (let moved = 0; ; moved++) {
      const read = () => hot.hotBytes(run)
      const isOwn = endedForMs === null
      const bytes = await (isOwn ? brake.measure(run, this.#heldFrom, read) : read())
      const isWaiting = moved >= limits.sealChunksMax || this.#signal.aborted
      if (isWaiting || !isDue({ bytes, endedForMs }, policy, archive !== null)) return bytes
      const chunk = await moveChunk(this.#parts, run)
      if (chunk === undefined) return bytes
      if (archive === null) {
        metrics.add('farglass_removed_lines_total', chunk.lines)
        onRemoved(run, chunk.next)
      } else {
        metrics.add('farglass_archived_ranges_total')
        metrics.add('farglass_archived_lines_total', chunk.lines)
        metrics.add('farglass_archived_bytes_total', chunk.bytes)
      }
    }
  }

  /** Bytes from which on the writers of a run wait. */
  get #heldFrom(): number {
    return limits.hotHeldFactor * this.#parts.policy.keepBytes
  }

  #endedForMs({ endedAt }: ListedRun): number {
    return endedAt === null ? 0 : this.#parts.clock.now() - parseTime(endedAt)
  }
}

/** A writer that is held pauses, and offers its lines again. */
function busyBecause({ message, hint }: AppError): AppError {
  return new AppError('store-busy', `Lines cannot be moved out of Redis: ${message}`, { hint })
}
