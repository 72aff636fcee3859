/**
 * A run in a real Redis that loses what it has confirmed: it goes back to any state that it had before.
 * Its owners write lines that nobody else writes, each upon what it found when it took the run over.
 */
import { openRedisStore, type RedisStore } from '../../src/adapters/redis/redis-store.ts'
import { newRunId } from '../../src/adapters/system/ids.ts'
import type { AppendResult } from '../../src/core/store/log-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { Run } from '../../src/shared/run.ts'
import type { RedisServer } from './redis-server.ts'
import { sampleRun } from './sample-run.ts'
import { takeOver } from './take-over.ts'

/** One of the processes that carry the run, one after the other. */
export interface LosingOwner {
  readonly store: RedisStore
  readonly epoch: number
  /** All lines as it believes them to be stored. */
  readonly lines: string[]
}

export class LosingRun {
  readonly id: string
  readonly owners: LosingOwner[] = []
  readonly #places: readonly RedisStore[]
  #states = 0
  #written = 0

  static async create(places: readonly RedisStore[]): Promise<LosingRun> {
    const run = new LosingRun(newRunId(), places)
    const store = run.#placeOf(0)
    await store.catalog.create(sampleRun({ id: run.id }), 'owner 0')
    run.owners.push({ store, epoch: 1, lines: [] })
    await run.#keepState()
    return run
  }

  private constructor(id: string, places: readonly RedisStore[]) {
    this.id = id
    this.#places = places
  }

  /** The newest owner. */
  get owner(): LosingOwner {
    const owner = this.owners.at(-1)
    if (owner === undefined) throw new Error('The run has no owner.')
    return owner
  }

  /** By that owner, who may be an old one that does not know it. */
  async append(owner: LosingOwner, count: number): Promise<AppendResult> {
    const texts = Array.from({ length: count }, () => `line ${this.#written++} of ${owner.epoch}`)
    const bytes = new TextEncoder().encode(`${texts.join('\n')}\n`)
    const group = { task: 0, channel: 'out', time: 0, count, bytes, end: 'newline' } as const
    const pos = owner.lines.length
    const append = { run: this.id, epoch: owner.epoch, pos, groups: [group], tasks: [] }
    const answer = await owner.store.log.append(append)
    if (answer.kind === 'stored' || answer.kind === 'duplicate') owner.lines.push(...texts)
    await this.#keepState()
    return answer
  }

  /** The owner before is dead, or thinks that it still is one. */
  async acquire(): Promise<void> {
    const store = this.#placeOf(this.owners.length)
    const { run } = await takeOver(store.catalog, this.id, `owner ${this.owners.length}`)
    this.owners.push({ store, epoch: run.epoch, lines: await linesOf(store, this.id, run.next) })
    await this.#keepState()
  }

  /** Redis is as it was so many changes ago. */
  async lose(changes: number): Promise<void> {
    const state = Math.max(1, this.#states - changes)
    await this.#copy((key) => [this.#stateKey(key, state), key])
    await this.#keepState()
  }

  /** Its last word. */
  async end(): Promise<void> {
    const { store, epoch } = this.owner
    const state = { state: 'ended', outcome: 'lost', endedAt: new Date(0).toISOString() } as const
    await store.catalog.save({ run: this.id, epoch, tasks: [], state })
  }

  read(): Promise<Run | undefined> {
    return this.#placeOf(0).catalog.get(this.id)
  }

  lines(next: number, from = 0): Promise<string[]> {
    return linesOf(this.#placeOf(0), this.id, next, from)
  }

  async #keepState(): Promise<void> {
    this.#states += 1
    await this.#copy((key) => [key, this.#stateKey(key, this.#states)])
  }

  #stateKey(key: string, state: number): string {
    return `${key}:state-${state}`
  }

  /** All at once, as nobody sees it half lost. A log without an entry is no key at all. */
  async #copy(fromTo: (key: string) => readonly string[]): Promise<void> {
    const { connection, keys } = this.#placeOf(0)
    const names = [keys.run(this.id), keys.log(this.id)].flatMap(fromTo)
    await connection.send(['EVAL', copyScript, String(names.length), ...names])
  }

  #placeOf(index: number): RedisStore {
    const place = this.#places[index % this.#places.length]
    if (place === undefined) throw new Error('There is no place to carry a run at.')
    return place
  }
}

export async function openPlaces(server: RedisServer, count: number): Promise<RedisStore[]> {
  return Promise.all(Array.from({ length: count }, () => openRedisStore({ url: server.url })))
}

async function linesOf(store: RedisStore, id: string, next: number, from = 0): Promise<string[]> {
  const lines: string[] = []
  while (from + lines.length < next) {
    const groups = await store.log.read(id, from + lines.length, 1_000)
    const gone = Math.max(0, (groups[0]?.pos ?? 0) - from - lines.length)
    lines.push(...Array.from({ length: gone }, () => 'gap: before the first line that is kept'))
    if (groups.length === 0) throw new Error(`Run ${id} has no line at ${from + lines.length}.`)
    lines.push(...groups.flatMap((group) => textsOf(group)))
  }
  return lines.slice(0, next - from)
}

const copyScript = `
for at = 1, #KEYS, 2 do
  redis.call('DEL', KEYS[at + 1])
  redis.call('COPY', KEYS[at], KEYS[at + 1])
end`
