/** The run service: starts, finds, stops and follows runs. */
import { knowsEpoch } from '../../shared/epochs.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { type ListedRun, listedAsOf } from '../../shared/listed-run.ts'
import type { Mark, MarkWish } from '../../shared/mark.ts'
import type { Answer } from '../../shared/question.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { isoTime } from '../../shared/time.ts'
import { CatchUp } from '../feed/catch-up.ts'
import { type FollowRequest, follow } from '../feed/follow.ts'
import { RunFeed } from '../feed/run-feed.ts'
import { tailBytes } from '../feed/tail-bytes.ts'
import { tellFault } from '../log-text.ts'
import { noRunWords } from '../nodes/run-words.ts'
import { checkEnded } from '../store/log-rules.ts'
import type { OwnedRun, RunQuery } from '../store/run-catalog.ts'
import { createRun, type NewlyCreated } from './create-run.ts'
import { endDeadGroups } from './dead-groups.ts'
import { ForeignFeeds } from './foreign-feeds.ts'
import { forgetSecrets, openSecrets, sweepSecrets } from './live-secrets.ts'
import { askOwner, carryOut } from './node-requests.ts'
import { orphansOf } from './orphans.ts'
import { canGoOn, loseTasks } from './recovery.ts'
import { type ControllerParts, RunController } from './run-controller.ts'
import { countEnd, setRunFigures } from './run-figures.ts'
import type { FeedItem, StartRun } from './run-service.ts'
import type { LocalRunService, RunServiceParts } from './run-service-parts.ts'
import { RunViewers } from './run-viewers.ts'
import { takeAll } from './take-overs.ts'

/** A service that carries the runs which it starts; runs of others it only shows. */
export function createRunService(parts: RunServiceParts): LocalRunService {
  return new Service(parts)
}

class Service implements LocalRunService {
  readonly #parts: RunServiceParts
  readonly #catchUp: CatchUp
  readonly #foreign: ForeignFeeds
  readonly #viewers: RunViewers
  readonly #live = new Map<RunId, RunController>()
  /** Runs that are being taken over. */
  readonly #recovering = new Map<RunId, Promise<void>>()
  /** Own ones by now, but nobody carries them: the store refused what had to be told of them first. */
  readonly #halfTaken = new Set<RunId>()
  /** Starts of runs that wait for a place among `runsActiveMax`. */
  readonly #queue: (() => void)[] = []
  #active = 0
  #closing = false
  /** A process that lives for one command only does not go and look for them. */
  #endsDeadGroups = false
  readonly #ending = new Set<Promise<void>>()
  /** Aborts when runs whose end the store refuses shall wait for it no longer. */
  readonly #stores = new AbortController()
  readonly #unwatch: () => void

  constructor(parts: RunServiceParts) {
    this.#parts = parts
    this.#unwatch = parts.metrics.beforeReading(() => {
      setRunFigures(parts.metrics, this.#live.values())
      parts.metrics.set('farglass_foreign_runs', this.#foreign.followed)
    })
    this.#catchUp = new CatchUp(parts.log)
    const { clock, catalog, nodes, words = noRunWords } = parts
    this.#viewers = new RunViewers({ clock, catalog, words, own: nodes.own })
    const onViewers = (feed: RunFeed) => this.#viewers.changed(feed)
    this.#foreign = new ForeignFeeds({ ...parts, onViewers })
    parts.nodes.serve(async (request) => {
      try {
        carryOut(request, this.#live.get(request.run))
      } catch (thrown) {
        tellFault(parts.say, `The ${request.kind} of another node`, thrown)
        throw thrown
      }
    })
  }

  async start(start: StartRun): Promise<Run> {
    if (this.#closing) throw new AppError('shutting-down', 'Farglass is shutting down.')
    if (this.#queue.length >= limits.runsQueuedMax) {
      throw new AppError('too-many-runs', `${limits.runsQueuedMax} runs are waiting already.`)
    }
    const made = await createRun(start, this.#parts)
    if (made.kind === 'existing') return this.get(made.run.id)
    this.#launch(made, start)
    return made.run
  }

  async get(id: RunId): Promise<Run> {
    const live = this.#live.get(id)
    return live === undefined ? this.#stored(id) : live.feed.run
  }

  async list(query: RunQuery): Promise<readonly Run[]> {
    const runs = await this.#parts.catalog.list(query)
    // Another node may have pinned it.
    return runs.map((run) => ({ ...(this.#live.get(run.id)?.feed.run ?? run), pinned: run.pinned }))
  }

  async listed(query: RunQuery): Promise<readonly ListedRun[]> {
    const runs = await this.#parts.catalog.listed(query)
    return runs.map((run) => listedAsOf(this.#live.get(run.id)?.feed.run, run))
  }

  async stop(id: RunId): Promise<Run> {
    const wasLive = this.#live.has(id)
    const live = await this.#carried(id)
    if (live === undefined) {
      await askOwner({ kind: 'stop', run: id }, this.#parts)
      return this.#stored(id)
    }
    // What was asked before is carried out when the run is taken over: once more would give it up.
    if (wasLive || live.feed.run.state !== 'stopping') live.stop(limits.stopGraceMs)
    return live.feed.run
  }

  async remove(id: RunId): Promise<void> {
    const run = await this.get(id)
    checkEnded(id, run.state)
    // Its lines may lie in several places; who has lost some of them can be removed again.
    await this.#parts.log.drop(id)
    await this.#parts.catalog.remove(id)
  }

  async pin(id: RunId, isPinned: boolean): Promise<Run> {
    const run = await this.#parts.catalog.keep(id, { pinned: isPinned })
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    const feed = this.#live.get(id)?.feed
    feed?.setRun({ ...feed.run, pinned: isPinned })
    return feed?.run ?? run
  }

  async answer(id: RunId, task: number, answer: Answer): Promise<void> {
    const live = this.#live.get(id)
    if (live === undefined) {
      const { state } = await this.#stored(id)
      if (state === 'ended') throw new AppError('conflict', `Run ${id} asks nothing any more.`)
      return askOwner({ kind: 'answer', run: id, task, answer }, this.#parts)
    }
    live.answer(task, answer)
  }

  async marks(id: RunId): Promise<readonly Mark[]> {
    if (!this.#live.has(id)) await this.#stored(id)
    return this.#parts.catalog.marks(id)
  }

  name(id: RunId, name: string): () => void {
    return this.#viewers.name(id, name)
  }

  async mark(id: RunId, { pos, isMarked, by }: MarkWish): Promise<readonly Mark[]> {
    const { next } = await this.get(id)
    if (isMarked && pos >= next) throw new AppError('conflict', `Run ${id} has no line ${pos} yet.`)
    const time = isMarked ? isoTime(this.#parts.clock.now()) : null
    return this.#viewers.mark(id, { pos, time, ...(by !== null && { by }) })
  }

  async read(id: RunId, from: number, bytesMax: number) {
    if (!this.#live.has(id)) await this.#stored(id)
    return this.#parts.log.read(id, from, bytesMax)
  }

  follow(id: RunId, from: number, signal: AbortSignal): AsyncIterable<FeedItem> {
    return this.#follow(id, { from, signal, isSilent: false })
  }

  readAlong(id: RunId, signal: AbortSignal, from = 0): AsyncIterable<FeedItem> {
    return this.#follow(id, { from, signal, isSilent: true })
  }

  async *#follow(
    id: RunId,
    { from, ...how }: Pick<FollowRequest, 'from' | 'signal' | 'isSilent'>,
  ): AsyncGenerator<FeedItem> {
    const catchUp = this.#catchUp
    const { signal } = how
    let at: Pick<FollowRequest, 'from' | 'epochs'> = { from }
    for (;;) {
      const feed = await this.#feedOf(id, at.from)
      for await (const item of follow({ feed, catchUp, ...at, ...how })) {
        if (item.kind === 'run') at = { ...at, epochs: item.run.epochs }
        if (item.kind === 'frame') at = { ...at, from: item.next }
        if (item.kind === 'reset') at = item
        yield item
      }
      if (signal.aborted || !feed.isDetached) return
    }
  }

  /** For a reader at this cursor. One that has more than we knows of another owner, perhaps. */
  async #feedOf(id: RunId, cursor: number): Promise<RunFeed> {
    const live = await this.#carried(id)
    if (live !== undefined && cursor > live.feed.stored) await this.#leaveIfTaken(live)
    return this.#live.get(id)?.feed ?? this.#foreign.feed(await this.#stored(id))
  }

  async recover(which: 'all' | 'none'): Promise<void> {
    this.#endsDeadGroups = which === 'all'
    const unfinished = await this.#parts.catalog.unfinished()
    for (const orphan of await this.#orphansOf(unfinished)) {
      const run = which === 'all' ? undefined : await this.#parts.catalog.get(orphan.id)
      if (run === undefined || !canGoOn(run)) await this.#recoverRun(orphan)
    }
    if (which === 'all') void sweepSecrets(this.#parts).then(() => this.#watchOver())
  }

  /** Until the service closes, looks for runs whose process is gone, and for own ones that others have taken. */
  async #watchOver(): Promise<void> {
    const { clock, random, catalog, say } = this.#parts
    const { signal } = this.#stores
    for (;;) {
      // Nodes look at different times, so that the first one finds most of the work undone.
      await clock.sleep(limits.takeOverEveryMs * (0.75 + random() / 2), signal)
      if (this.#closing || signal.aborted) return
      try {
        const unfinished = await catalog.unfinished()
        await this.#leaveTaken(unfinished)
        const how = { atOnce: limits.takeOversAtOnce, random }
        // One that fails is tried again at the next look; the others do not wait for it.
        await takeAll(await this.#orphansOf(unfinished), how, (orphan) =>
          this.#recoverRun(orphan).catch((thrown: unknown) =>
            tellFault(say, `Run ${orphan.id} cannot be taken over`, thrown),
          ),
        )
      } catch (thrown) {
        // A store that is away is asked again; runs that are under way say so themselves.
        tellFault(say, 'Runs of dead processes cannot be looked for', thrown)
      }
    }
  }

  /** A writer would hear of it with its next line; a silent run has none. */
  async #leaveTaken(unfinished: readonly OwnedRun[]): Promise<void> {
    const epochs = new Map(unfinished.map(({ id, epoch }) => [id, epoch]))
    for (const [id, live] of this.#live) await this.#leaveIfTaken(live, epochs.get(id))
  }

  /** Whoever has taken it, and ended it perhaps, is none of those before us: a store that has lost something may name one. */
  async #leaveIfTaken(live: RunController, known?: number): Promise<void> {
    const { run } = live.feed
    const epoch = known ?? (await this.#parts.log.bounds(run.id)).epoch
    if (epoch !== 0 && !knowsEpoch(run, epoch)) live.fence()
  }

  /** The controller of a run, also of one whose process is gone: then it is ours from now on. */
  async #carried(id: RunId): Promise<RunController | undefined> {
    const live = this.#live.get(id)
    if (live !== undefined || this.#closing) return live
    // Nearly all runs that are read have ended: for them nobody looks through the others.
    if ((await this.#stored(id)).state === 'ended') return undefined
    const own = (await this.#parts.catalog.unfinished()).filter((run) => run.id === id)
    const [orphan] = await this.#orphansOf(own)
    if (orphan !== undefined) await this.#recoverRun(orphan)
    return this.#live.get(id)
  }

  #orphansOf(unfinished: readonly OwnedRun[]): Promise<OwnedRun[]> {
    const others = unfinished.filter(({ id }) => !this.#live.has(id))
    return orphansOf(others, this.#parts.nodes, this.#halfTaken)
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
    this.#parts.metrics.add('farglass_take_overs_total')
    this.#halfTaken.add(id)
    const { refusal, ...secrets } = await openSecrets(acquired, this.#parts)
    const run = await loseTasks(acquired, this.#parts, refusal)
    this.#halfTaken.delete(id)
    if (this.#endsDeadGroups) {
      this.#await(endDeadGroups({ run: acquired, progress }, this.#parts, this.#stores.signal))
    }
    if (run.state === 'ended') {
      this.#parts.own?.ended(run)
      return forgetSecrets(run, this.#parts)
    }
    const controller = this.#carry(run, { isRecovered: true, progress, ...secrets })
    if (acquired.state === 'stopping') controller.stop(limits.stopGraceMs)
  }

  beginsAt(id: RunId, first: number): void {
    const feed = this.#live.get(id)?.feed
    if (feed !== undefined && first > feed.run.first) feed.setRun({ ...feed.run, first })
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

  async #stored(id: RunId): Promise<Run> {
    const run = await this.#parts.catalog.get(id)
    if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
    return run
  }

  #launch({ run, secrets }: NewlyCreated, { login }: StartRun): void {
    this.#carry(run, {
      isRecovered: false,
      progress: new Map(),
      ...(secrets === undefined ? {} : { secrets }),
      ...(login === undefined ? {} : { login }),
    })
  }

  /** From now on this process carries the run. */
  #carry(
    run: Run,
    how: Pick<ControllerParts, 'isRecovered' | 'progress' | 'login' | 'secrets'>,
  ): RunController {
    const { clock, watch, metrics } = this.#parts
    const controller: RunController = new RunController(run, {
      ...this.#parts,
      ...how,
      feed: new RunFeed(run, clock, {
        tailBytesMax: tailBytes(this.#live.size),
        onViewers: (feed) => this.#viewers.changed(feed),
        onPartial: (partial, at) => watch.tell(run.id, { kind: 'partial', at, ...partial }),
      }),
      onFenced: () => {
        metrics.add('farglass_fenced_runs_total')
        this.#forget(controller)
        this.#parts.own?.taken(run.id)
      },
    })
    // It was being stored while the service began to close.
    if (this.#closing) controller.close(limits.shutdownGraceMs)
    this.#live.set(run.id, controller)
    this.#parts.own?.began(run)
    this.#foreign.drop(run.id)
    this.#await(this.#toEnd(controller).then(() => controller.left()))
    return controller
  }

  /** The service closes only after it. It never rejects. */
  #await(ending: Promise<void>): void {
    this.#ending.add(ending)
    void ending.finally(() => this.#ending.delete(ending))
  }

  async #toEnd(controller: RunController): Promise<void> {
    if (this.#active >= limits.runsActiveMax) {
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    }
    this.#active += 1
    await controller.run(this.#stores.signal)
    const { run } = controller.feed
    if (run.state === 'ended') {
      countEnd(this.#parts.metrics, run)
      await forgetSecrets(run, this.#parts)
    }
    this.#active -= 1
    this.#forget(controller)
    if (run.state === 'ended') this.#parts.own?.ended(run)
    this.#queue.shift()?.()
  }

  /** Unless it was taken back meanwhile, by another controller. */
  #forget(controller: RunController): void {
    const { id } = controller.feed.run
    if (this.#live.get(id) === controller) this.#live.delete(id)
  }
}
