/** Viewers of a run at any of several nodes that share a Redis, each with the state machine of our client. */
import { RedisRunWatch } from '../../src/adapters/redis/redis-run-watch.ts'
import { openRedisStore } from '../../src/adapters/redis/redis-store.ts'
import { RedisSubscriber } from '../../src/adapters/redis/redis-subscriber.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { newRunId, randomName } from '../../src/adapters/system/ids.ts'
import type { FollowEvent } from '../../src/client/api.ts'
import { type FollowState, follow, startFollowing } from '../../src/client/follow-state.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createRunService } from '../../src/core/runs/create-run-service.ts'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { AppError } from '../../src/shared/errors.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { StreamEvent } from '../../src/shared/protocol/events.ts'
import { failOnFault } from './fail-on-fault.ts'
import { localHosts } from './local-hosts.ts'
import type { RedisServer } from './redis-server.ts'

export interface ViewingNode extends AsyncDisposable {
  readonly service: LocalRunService
}

/** A node that carries nothing; all of the `owners` live. */
export async function startViewingNode(
  server: RedisServer,
  owners: readonly string[],
): Promise<ViewingNode> {
  const store = await openRedisStore({ url: server.url })
  const subscriber = new RedisSubscriber(store.connection.newClient())
  const hosts = localHosts()
  const nodes = createMemoryNodes()
  for (const owner of owners) nodes.join(owner)
  const service = createRunService({
    ...store,
    hosts,
    clock: systemClock,
    metrics: createMetrics(),
    newRunId,
    newNonce: () => randomName(24),
    random: Math.random,
    nodes: nodes.join('viewing'),
    say: failOnFault,
    watch: new RedisRunWatch({ ...store, subscriber }),
  })
  return {
    service,
    async [Symbol.asyncDispose]() {
      await service.close()
      await subscriber[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await hosts[Symbol.asyncDispose]()
    },
  }
}

export class LosingViewer {
  readonly lines: string[] = []
  resets = 0
  readonly done: Promise<void>
  readonly #run: string
  readonly #pick: () => LocalRunService
  #state: FollowState = startFollowing(0)
  #connection = new AbortController()
  #isLeaving = false

  constructor(run: string, pick: () => LocalRunService) {
    this.#run = run
    this.#pick = pick
    this.done = this.#view()
    this.done.catch(() => {})
  }

  /** It comes again at any node. */
  cut(): void {
    this.#connection.abort()
  }

  async leave(): Promise<void> {
    this.#isLeaving = true
    this.cut()
    await this.done.catch(() => {})
  }

  async #view(): Promise<void> {
    // As over HTTP, a stream that fails is one that breaks off.
    const connect = () => this.#connect().catch(isBreak)
    while (!this.#isLeaving && !(await connect())) await new Promise(setImmediate)
  }

  /** Whether it has had the end. */
  async #connect(): Promise<boolean> {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    for await (const item of this.#pick().follow(this.#run, this.#state.cursor, signal)) {
      const { state, deliver, next } = follow(this.#state, { kind: 'event', event: eventOf(item) })
      this.#state = state
      for (const event of deliver) this.#take(event)
      if (next.kind === 'done') return true
      if (next.kind === 'fail') throw next.error
      if (next.kind === 'wait') return false
    }
    return false
  }

  #take(event: FollowEvent): void {
    if (event.kind === 'reset') {
      this.resets += 1
      this.lines.length = Math.min(this.lines.length, event.from)
    }
    if (event.kind !== 'lines') return
    if (event.pos !== this.lines.length) throw new Error(`Line ${event.pos} is out of its place.`)
    this.lines.push(...event.groups.flatMap(({ lines }) => lines))
  }
}

/** Lines that a node knows of are not in its Redis now: it says so, and is asked again. */
function isBreak(thrown: unknown): boolean {
  if (thrown instanceof AppError && thrown.code === 'store-failed') return false
  throw thrown
}

function eventOf(item: FeedItem): StreamEvent {
  if (item.kind !== 'frame') return item
  const { pos, next } = item
  const groups = item.groups.map((group) => {
    const { task, channel, time } = group
    return { task, channel, time: new Date(time).toISOString(), lines: textsOf(group) }
  })
  return { kind: 'lines', pos, next, groups }
}
