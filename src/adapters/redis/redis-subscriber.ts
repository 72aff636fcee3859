/** The one connection of a process that listens: channels of Redis, each with those who want to hear it. */
import type { Redis } from 'ioredis'
import { limits } from '../../shared/limits.ts'

export interface Listener {
  readonly onText: (text: string) => void
  /** What was said before may have been missed: called whenever the listening begins anew. */
  readonly onMissed: () => void
}

export class RedisSubscriber implements AsyncDisposable {
  readonly #client: Redis
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #asking: NodeJS.Timeout

  /** `client` is not connected yet, and becomes ours. */
  constructor(client: Redis) {
    this.#client = client
    client.on('message', (channel: string, text: string) => {
      for (const { onText } of this.#listeners.get(channel) ?? []) onText(text)
    })
    client.on('ready', () => void this.#subscribe([...this.#listeners.keys()]))
    // The connection is tried again for ever; the store says what is wrong with it.
    client.on('error', () => {})
    client.connect().catch(() => {})
    this.#asking = setInterval(() => void this.#askWhetherAlive(), limits.redisAnswerMs).unref()
  }

  /** Until the returned function is called. */
  listen(channel: string, listener: Listener): () => void {
    const all = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, all.add(listener))
    if (all.size > 1) listener.onMissed()
    else if (this.#client.status === 'ready') void this.#subscribe([channel])
    return () => {
      all.delete(listener)
      if (all.size > 0 || this.#listeners.get(channel) !== all) return
      this.#listeners.delete(channel)
      if (this.#client.status === 'ready') this.#client.unsubscribe(channel).catch(() => {})
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear()
    clearInterval(this.#asking)
    this.#client.disconnect()
  }

  /** Who only listens does not notice that nobody is there any more: another Redis may be the primary now. */
  async #askWhetherAlive(): Promise<void> {
    if (this.#client.status !== 'ready') return
    const timer = setTimeout(() => this.#client.disconnect(true), limits.redisAnswerMs)
    // A connection that breaks is made anew.
    await this.#client.ping().catch(() => {})
    clearTimeout(timer)
  }

  async #subscribe(channels: readonly string[]): Promise<void> {
    try {
      if (channels.length > 0) await this.#client.subscribe(...channels)
    } catch {
      return // The connection broke: the next one subscribes to all again.
    }
    for (const channel of channels) {
      for (const { onMissed } of this.#listeners.get(channel) ?? []) onMissed()
    }
  }
}
