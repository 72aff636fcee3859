/** The run service: starts, finds, stops and follows runs. */
import { parseTarget } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RunRequest } from '../../shared/protocol/requests.ts'
import type { Answer } from '../../shared/question.ts'
import type { Mode, Run, RunId, Source } from '../../shared/run.ts'
import { sourceComplaint } from '../../shared/source.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import { CatchUp } from '../feed/catch-up.ts'
import { follow } from '../feed/follow.ts'
import { RunFeed } from '../feed/run-feed.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Nodes } from '../nodes/nodes.ts'
import type { RunWatch } from '../nodes/run-watch.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import { checkEnded } from '../store/log-rules.ts'
import type { LogStore } from '../store/log-store.ts'
import type { OwnedRun, RunCatalog, RunQuery } from '../store/run-catalog.ts'
import { ForeignFeeds } from './foreign-feeds.ts'
import { canGoOn, loseTasks } from './recovery.ts'
import { type ControllerParts, RunController } from './run-controller.ts'
import { countEnd, setRunFigures } from './run-figures.ts'
import type { FeedItem, RunService, StartRun } from './run-service.ts'
import { newTask } from './task-state.ts'

export interface RunServiceParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly metrics: Metrics
  readonly newRunId: () => RunId
  /** Unguessable `[a-z0-9]`, for out-of-band marks. */
  readonly newNonce: () => string
  /** From 0 to 1, to spread what would happen at once. */
  readonly random: () => number
  /** This process among those that share the store. */
  readonly nodes: Nodes
  /** Hears of what they change. */
  readonly watch: RunWatch
}

export interface LocalRunService extends RunService {
  /**
   * Takes over runs whose process is gone. With `all`, what still goes on on its host is followed
   * again; with `none` only when somebody follows or stops it. What died with its process is `lost`,
   * and says so. Resolves when that is under way.
   */
  recover(which: 'all' | 'none'): Promise<void>
  /**
   * Stops what cannot be read on later and lets go of the rest. Resolves when that is stored, after
   * `shutdownMs` at the latest.
   */
  close(): Promise<void>
}

/** A service that carries the runs which it starts; runs of others it only shows. */
export function createRunService(parts: RunServiceParts): LocalRunService {
  return new Service(parts)
}

class Service implements LocalRunService {
  readonly #parts: RunServiceParts
  readonly #catchUp: CatchUp
  readonly #foreign: ForeignFeeds
  readonly #live = new Map<RunId, RunController>()
  /** Runs that are being taken over. */
  readonly #recovering = new Map<RunId, Promise<void>>()
  /** Starts of runs that wait for a place among `runsActiveMax`. */
  readonly #queue: (() => void)[] = []
  #active = 0
  #closing = false
  readonly #ending = new Set<Promise<void>>()
  /** Aborts when runs whose end the store refuses shall wait for it no longer. */
  readonly #stores = new AbortController()
  readonly #unwatch: () => void

  constructor(parts: RunServiceParts) {
    this.#parts = parts
    this.#unwatch = parts.metrics.beforeReading(() =>
      setRunFigures(parts.metrics, this.#liveRuns()),
    )
    this.#catchUp = new CatchUp(parts.log)
    this.#foreign = new ForeignFeeds(parts.catalog, parts.clock)
  }

  async start(start: StartRun): Promise<Run> {
    if (this.#closing) throw new AppError('shutting-down', 'Farglass is shutting down.')
    if (this.#queue.length >= limits.runsQueuedMax) {
      throw new AppError('too-many-runs', `${limits.runsQueuedMax} runs are waiting already.`)
    }
    checkRequest(start.request)
    const made = await this.#parts.catalog.create(
      this.#newRun(start.request),
      this.#parts.nodes.own,
      start.key,
    )
    switch (made.kind) {
      case 'conflict':
        throw new AppError(
          'idempotency-conflict',
          'This Idempotency-Key was used before, for a different request.',
        )
      case 'existing':
        return this.get(made.run.id)
      case 'created':
        this.#launch(made.run, start)
        return made.run
    }
  }

  async get(id: RunId): Promise<Run> {
    const live = this.#live.get(id)
    return live === undefined ? this.#stored(id) : live.feed.run
  }

  async list(query: RunQuery): Promise<readonly Run[]> {
    const runs = await this.#parts.catalog.list(query)
    return runs.map((run) => this.#live.get(run.id)?.feed.run ?? run)
  }

  async stop(id: RunId): Promise<Run> {
    const wasLive = this.#live.has(id)
    const live = await this.#carried(id)
    if (live === undefined) {
      const run = await this.#stored(id)
      if (run.state === 'ended') return run
      throw new AppError('conflict', `Run ${id} is held by another Farglass process.`, {
        hint: 'Stop it where it was started: press Ctrl-C there.',
      })
    }
    // What was asked before is carried out when the run is taken over: once more would give it up.
    if (wasLive || live.feed.run.state !== 'stopping') live.stop(limits.stopGraceMs)
    return live.feed.run
  }

  async remove(id: RunId): Promise<void> {
    const run = await this.get(id)
    checkEnded(id, run.state)
    await this.#parts.catalog.remove(id)
  }

  async answer(id: RunId, task: number, answer: Answer): Promise<void> {
    const live = this.#live.get(id)
    if (live === undefined) {
      await this.#stored(id)
      throw new AppError('conflict', `Run ${id} asks nothing here.`)
    }
    live.answer(task, answer)
  }

  async read(id: RunId, from: number, bytesMax: number) {
    if (!this.#live.has(id)) await this.#stored(id)
    return this.#parts.log.read(id, from, bytesMax)
  }

  async *follow(id: RunId, from: number, signal: AbortSignal): AsyncGenerator<FeedItem> {
    const feed = (await this.#carried(id))?.feed ?? this.#foreign.feed(await this.#stored(id))
    yield* follow({ feed, catchUp: this.#catchUp, from, signal })
  }

  async recover(which: 'all' | 'none'): Promise<void> {
    for (const orphan of await this.#orphans()) {
      const run = which === 'all' ? undefined : await this.#parts.catalog.get(orphan.id)
      if (run === undefined || !canGoOn(run)) await this.#recoverRun(orphan)
    }
  }

  /** The controller of a run, also of one whose process is gone: then it is ours from now on. */
  async #carried(id: RunId): Promise<RunController | undefined> {
    const live = this.#live.get(id)
    if (live !== undefined || this.#closing) return live
    // Nearly all runs that are read have ended: for them nobody looks through the others.
    if ((await this.#stored(id)).state === 'ended') return undefined
    const orphan = (await this.#orphans()).find((run) => run.id === id)
    if (orphan !== undefined) await this.#recoverRun(orphan)
    return this.#live.get(id)
  }

  async #orphans(): Promise<OwnedRun[]> {
    const orphans: OwnedRun[] = []
    for (const owned of await this.#parts.catalog.unfinished()) {
      if (this.#live.has(owned.id) || (await this.#parts.nodes.isAlive(owned.owner))) continue
      orphans.push(owned)
    }
    return orphans
  }

  /** Whoever wants the same run meanwhile waits with us: taking it over twice would fence ourselves off. */
  async #recoverRun(orphan: OwnedRun): Promise<void> {
    const { id } = orphan
    const underWay = this.#recovering.get(id)
    if (underWay !== undefined) return underWay
    if (this.#live.has(id)) return
    const recovered = this.#takeOver(orphan)
    this.#recovering.set(id, recovered)
    try {
      await recovered
    } finally {
      this.#recovering.delete(id)
    }
  }

  /** The old process, if it lives after all, is fenced off first. */
  async #takeOver({ id, epoch }: OwnedRun): Promise<void> {
    const taken = await this.#parts.catalog.acquire(id, this.#parts.nodes.own, epoch)
    // Another one was faster and carries it.
    if (taken === undefined) return
    const { run: acquired, progress } = taken
    // It has ended since it was looked for.
    if (acquired.state === 'ended') return
    const run = await loseTasks(acquired, this.#parts)
    if (run.state === 'ended') return
    const fanout = fanoutOf(run.source)
    const controller = this.#carry(run, { isRecovered: true, progress, fanout })
    if (acquired.state === 'stopping') controller.stop(limits.stopGraceMs)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#stores.abort()
    for (const start of this.#queue.splice(0)) start()
    for (const live of this.#live.values()) live.close(limits.shutdownGraceMs)
    const timeUp = new AbortController()
    const time = this.#parts.clock.sleep(limits.shutdownMs, timeUp.signal)
    await Promise.race([Promise.all(this.#ending), time])
    timeUp.abort()
    this.#unwatch()
  }

  *#liveRuns(): Generator<Run> {
    for (const { feed } of this.#live.values()) yield feed.run
  }

  async #stored(id: RunId): Promise<Run> {
    const run = await this.#parts.catalog.get(id)
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    return run
  }

  #newRun(request: RunRequest): Run {
    const { target, source, mode, merged } = request
    const held = source.kind === 'command' ? (mode ?? 'durable') : followMode
    const tasks = parseTarget(target).map(({ text }, index) => newTask(index, text, held))
    return {
      id: this.#parts.newRunId(),
      target,
      source,
      mode: held,
      merged: merged ?? false,
      state: 'queued',
      outcome: null,
      lines: 0,
      first: 0,
      next: 0,
      epoch: 1,
      gaps: 0,
      lost: 0,
      duplicated: 0,
      reset: null,
      paused: null,
      createdAt: isoTime(this.#parts.clock.now()),
      endedAt: null,
      tasks,
    }
  }

  #launch(run: Run, { request, login }: StartRun): void {
    this.#carry(run, {
      isRecovered: false,
      progress: new Map(),
      fanout: request.fanout ?? fanoutOf(request.source),
      ...(login === undefined ? {} : { login }),
    })
  }

  /** From now on this process carries the run. */
  #carry(
    run: Run,
    how: Pick<ControllerParts, 'isRecovered' | 'progress' | 'fanout' | 'login'>,
  ): RunController {
    const controller = new RunController(run, {
      ...this.#parts,
      ...how,
      feed: new RunFeed(run, this.#parts.clock, tailBytes(this.#live.size)),
    })
    // It was being stored while the service began to close.
    if (this.#closing) controller.close(limits.shutdownGraceMs)
    this.#live.set(run.id, controller)
    const ending = this.#toEnd(controller).then(() => controller.left())
    this.#ending.add(ending)
    void ending.finally(() => this.#ending.delete(ending))
    return controller
  }

  async #toEnd(controller: RunController): Promise<void> {
    const { id } = controller.feed.run
    if (this.#active >= limits.runsActiveMax) {
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    }
    this.#active += 1
    await controller.run(this.#stores.signal)
    const { run } = controller.feed
    if (run.state === 'ended') countEnd(this.#parts.metrics, run)
    this.#active -= 1
    this.#live.delete(id)
    this.#queue.shift()?.()
  }
}

/** What is followed has no end: a host that waits for its turn would wait for ever. */
function fanoutOf({ kind }: Source): number {
  return kind === 'command' ? limits.fanoutDefault : limits.tasksPerRunMax
}

/** How a followed source is held: it lies on the host anyway, and nobody chooses that. */
const followMode: Mode = 'durable'

/** Not every caller has a schema before it: the engine inside the command line has none. */
function checkRequest({ source, mode, merged }: RunRequest): void {
  const found = sourceComplaint(source)
  if (found !== undefined) {
    const code = source.kind === 'command' ? 'bad-command' : 'bad-source'
    throw new AppError(code, `${found.subject} ${found.complaint}.`)
  }
  if (source.kind === 'command') return
  if ((mode !== undefined && mode !== followMode) || merged === true) {
    throw new AppError('bad-request', 'Only a command has a mode or can be merged.', {
      hint: 'Leave "mode" and "merged" out for what is followed.',
    })
  }
}

/** Each run's share of the memory for tails, so that many runs take no more than a few. */
function tailBytes(others: number): number {
  const share = Math.floor(limits.feedTailsBytesMax / (others + 1))
  return Math.min(limits.feedTailBytesMax, Math.max(limits.feedTailBytesMin, share))
}
