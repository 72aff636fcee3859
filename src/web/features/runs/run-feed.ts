/** Keeps one run coming: by the stream of this browser or by polls, asleep while the page is hidden, awake after sign-in. */
import { type ReadonlySignal, signal } from '@preact/signals'
import type { FarglassApi, FollowEvent } from '../../../client/api.ts'
import { wait } from '../../../client/wait.ts'
import type { ReadPlace } from '../../../shared/epochs.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { RunId } from '../../../shared/run.ts'
import type { PollEvent } from './poll-run.ts'
import { takeStreamSlot } from './stream-slot.ts'

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'polling' }
  /** Something on the way holds the stream back: polls meanwhile. */
  | { readonly kind: 'held' }
  /** `since` and `retryAt` by `Date.now()`. */
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'complete' }

export type FeedEvent = FollowEvent | PollEvent

export interface FeedOptions {
  readonly api: FarglassApi
  readonly id: RunId
  readonly name: ReadonlySignal<string>
  /** The next position wanted, and the ownerships of what was had before. */
  readonly place: () => ReadPlace
  take(event: FeedEvent): void
  /** What no retry can cure. */
  fail(error: AppError): void
}

/** A tab that nobody has looked at for this long gives its connection to others. */
const hiddenMsMax = 30_000
/** Quiet polls before a tab without a stream tries to get one; more when the stream is held back. */
const pollRounds = 5
const heldPollRounds = 60
const retryMs = 2_000

/** Starts at once; ends by itself when the run has ended and every line is here. */
export class RunFeed {
  readonly connection: ReadonlySignal<Connection>
  readonly #connection = signal<Connection>({ kind: 'connecting' })
  readonly #options: FeedOptions
  /** Aborted to read anew: retry, sign-in, sleep, close. */
  #attempt = new AbortController()
  #closed = false
  /** All tabs of this browser share one stream, where there are shared workers. */
  #isShared = 'SharedWorker' in window
  #isHeld = false
  #hiddenSince: number | null = null
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: FeedOptions) {
    this.#options = options
    this.connection = this.#connection
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#onVisibility()
    this.#run().catch((thrown: unknown) => options.fail(toAppError(thrown)))
  }

  /** Asks again at once: "Retry now", or after signing in. */
  retryNow(): void {
    this.#attempt.abort()
  }

  close(): void {
    this.#closed = true
    this.#attempt.abort()
  }

  async #run(): Promise<void> {
    try {
      while (!this.#closed && this.#connection.value.kind !== 'complete') {
        this.#attempt = new AbortController()
        if (this.#isHiddenLong()) await this.#sleepUntilSeen()
        else await this.#readOnce()
      }
    } finally {
      clearTimeout(this.#hiddenTimer)
      document.removeEventListener('visibilitychange', this.#onVisibility)
    }
  }

  async #readOnce(): Promise<void> {
    try {
      if (this.#isHeld) await this.#takeAll(await this.#polls())
      else if (this.#isShared) await this.#takeAll(await this.#shared())
      else await this.#readInSlot()
    } catch (thrown) {
      await this.#recover(toAppError(thrown))
    }
  }

  async #readInSlot(): Promise<void> {
    const release = await takeStreamSlot()
    try {
      const { api, id, place } = this.#options
      if (release === null) await this.#takeAll(await this.#polls())
      else await this.#takeAll(api.follow(id, place(), this.#attempt.signal))
    } finally {
      release?.()
    }
  }

  async #takeAll(events: AsyncIterable<FeedEvent>): Promise<void> {
    for await (const event of events) this.#take(event)
  }

  async #shared(): Promise<AsyncIterable<FeedEvent>> {
    const { api, id, place, name } = this.#options
    const { signal } = this.#attempt
    const { followShared } = await import('../stream/follow-shared.ts')
    const onUnavailable = (): void => {
      this.#isShared = false
    }
    return followShared({ api, id, name: name.peek(), from: place(), signal, onUnavailable })
  }

  async #polls(): Promise<AsyncIterable<FeedEvent>> {
    const { api, id, place } = this.#options
    const { signal } = this.#attempt
    this.#connection.value = { kind: this.#isHeld ? 'held' : 'polling' }
    const rounds = this.#isHeld ? heldPollRounds : pollRounds
    this.#isHeld = false
    const { pollRun } = await import('./poll-run.ts')
    return pollRun({ api, id, from: place(), signal, rounds })
  }

  #take(event: FeedEvent): void {
    if (event.kind !== 'connection') this.#options.take(event)
    if (event.kind === 'end') this.#connection.value = { kind: 'complete' }
    if (event.kind !== 'connection') return
    this.#connection.value = event.state === 'live' ? { kind: 'live' } : this.#lost(event.retryMs)
  }

  /** Waits for what can cure the error; gives up on what nothing can. */
  async #recover(error: AppError): Promise<void> {
    const { signal } = this.#attempt
    if (signal.aborted) return
    if (error.code === 'unauthorized') {
      this.#connection.value = { kind: 'signed-out' }
      await aborted(signal)
    } else if (error.code === 'stream-held') {
      this.#isHeld = true
    } else if (error.status >= 500 || error.code === 'too-many-requests') {
      this.#connection.value = this.#lost(retryMs)
      await wait(retryMs, signal)
    } else {
      this.#closed = true
      this.#options.fail(error)
    }
  }

  /** A connection that was lost before stays lost since then. */
  #lost(retry: number): Connection {
    const now = Date.now()
    const before = this.#connection.value
    return {
      kind: 'lost',
      since: before.kind === 'lost' ? before.since : now,
      retryAt: now + retry,
    }
  }

  #isHiddenLong(): boolean {
    return this.#hiddenSince !== null && Date.now() - this.#hiddenSince >= hiddenMsMax
  }

  async #sleepUntilSeen(): Promise<void> {
    this.#connection.value = { kind: 'hidden' }
    await aborted(this.#attempt.signal)
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiddenTimer)
    this.#hiddenSince = document.hidden ? Date.now() : null
    if (document.hidden) {
      this.#hiddenTimer = setTimeout(() => this.#attempt.abort(), hiddenMsMax)
    } else if (this.#connection.value.kind === 'hidden') {
      this.#attempt.abort()
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
