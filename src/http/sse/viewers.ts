/** All viewers of this process: their limits, their heartbeat, and their farewell. */
import { randomInt } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Metrics } from '../../core/metrics/metrics.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'
import type { StreamFormat } from './stream-format.ts'
import { heartbeat } from './stream-format.ts'
import type { Viewer } from './viewer.ts'

export interface StreamLimits {
  readonly viewersPerRunMax: number
  readonly viewersMax: number
  readonly viewerStallMs: number
  readonly heartbeatMs: number
}

/** A viewer while it is served. */
export interface Watching {
  readonly viewer: Viewer
  readonly runs: readonly RunId[]
  readonly format: Pick<StreamFormat, 'bye'>
  /** Digest of the session it came with: the stream ends with it. */
  readonly session: string | null
}

export class Viewers {
  readonly limits: StreamLimits
  readonly #clock: Clock
  readonly #metrics: Metrics
  readonly #all = new Set<Watching>()
  readonly #perRun = new Map<RunId, number>()
  #cancelSweep: (() => void) | undefined
  #onEmpty: (() => void) | undefined
  #isClosing = false

  constructor(clock: Clock, metrics: Metrics, streamLimits: Partial<StreamLimits> = {}) {
    this.#clock = clock
    this.#metrics = metrics
    this.limits = { ...limits, ...streamLimits }
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Throws `too-many-viewers` when one more of these runs would be over a limit, `shutting-down` at the end. */
  admit(runs: readonly RunId[]): void {
    if (this.#isClosing) throw shuttingDown()
    for (const run of runs) {
      const ofRun = this.#perRun.get(run) ?? 0
      if (ofRun < this.limits.viewersPerRunMax) continue
      throw new AppError('too-many-viewers', `${ofRun} viewers watch this run already.`)
    }
    if (this.#all.size >= this.limits.viewersMax) {
      throw new AppError('too-many-viewers', `This server has ${this.#all.size} viewers already.`)
    }
  }

  /** Registers a viewer until the returned function is called. */
  add(watching: Watching): () => void {
    this.#all.add(watching)
    for (const run of watching.runs) this.#perRun.set(run, (this.#perRun.get(run) ?? 0) + 1)
    this.#sweepLater()
    return () => this.#remove(watching)
  }

  /** Digests of the sessions that have a stream open. */
  sessions(): Set<string> {
    const digests = new Set<string>()
    for (const { session } of this.#all) if (session !== null) digests.add(session)
    return digests
  }

  /** Cuts every stream of a session that is over. */
  cutSession(digest: string): void {
    for (const { session, viewer } of this.#all) if (session === digest) viewer.cut('signed-out')
  }

  /** Tells every viewer to come back, each a little later than the other; resolves when all are gone. */
  async farewell(patienceMs: number): Promise<void> {
    this.#isClosing = true
    this.#cancelSweep?.()
    if (this.#all.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    for (const { viewer, format } of this.#all) {
      viewer.write(format.bye(randomInt(500, 5_001)))
      viewer.end()
    }
    await Promise.race([empty, this.#clock.sleep(patienceMs)])
    for (const { viewer } of this.#all) viewer.cut('shutdown')
  }

  /** For `/metrics`. */
  setFigures(): void {
    let queuedBytes = 0
    for (const { viewer } of this.#all) queuedBytes += viewer.queuedBytes
    this.#metrics.set('farglass_viewers', this.#all.size)
    this.#metrics.set('farglass_viewer_queued_bytes', queuedBytes)
  }

  #remove(watching: Watching): void {
    if (!this.#all.delete(watching)) return
    const { cutReason } = watching.viewer
    if (cutReason !== null) {
      this.#metrics.add('farglass_viewers_cut_total', 1, { reason: cutReason })
    }
    for (const run of watching.runs) {
      const left = (this.#perRun.get(run) ?? 1) - 1
      if (left === 0) this.#perRun.delete(run)
      else this.#perRun.set(run, left)
    }
    if (this.#all.size > 0) return
    this.#cancelSweep?.()
    this.#cancelSweep = undefined
    this.#onEmpty?.()
  }

  /** One timer for all; it looks twice in a heartbeat, so that no stream is silent for longer. */
  #sweepLater(): void {
    this.#cancelSweep ??= this.#clock.after(this.limits.heartbeatMs / 2, () => {
      this.#cancelSweep = undefined
      for (const { viewer } of this.#all) if (viewer.isSilent()) viewer.write(heartbeat)
      if (this.#all.size > 0) this.#sweepLater()
    })
  }
}

/** The answer to whoever comes while the server goes. */
export function shuttingDown(): AppError {
  return new AppError('shutting-down', 'Farglass is shutting down.')
}
