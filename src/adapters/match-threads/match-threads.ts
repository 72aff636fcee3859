/**
 * Matches in threads of their own, a few at once. A regular expression can take years on one line and
 * nothing inside JavaScript stops it: so its thread is ended, and the next search gets a new one.
 */
import type { Worker } from 'node:worker_threads'
import type { Matcher, Matchers, MatchJob } from '../../core/search/matchers.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { startThread } from '../system/start-thread.ts'
import { deferred } from './deferred.ts'
import { ThreadMatcher } from './thread-matcher.ts'

export interface MatchThreads extends Matchers, AsyncDisposable {}

export function createMatchThreads(start: () => Worker = startMatchThread): MatchThreads {
  return new Threads(start)
}

/** A new thread that matches. */
export function startMatchThread(): Worker {
  return startThread(new URL('./match-thread', import.meta.url), {
    // No share and no answer is larger than some megabytes.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 },
  })
}

interface Waiting {
  readonly go: () => void
  readonly fail: (reason: unknown) => void
}

class Threads implements MatchThreads {
  readonly #idle: IdleThread[] = []
  readonly #waiting: Waiting[] = []
  readonly #all = new Set<Worker>()
  readonly #start: () => Worker
  #busy = 0
  #isClosed = false

  constructor(start: () => Worker) {
    this.#start = start
  }

  async open(job: MatchJob, signal: AbortSignal): Promise<Matcher> {
    await this.#place(signal)
    const thread = this.#thread()
    const release = (): void => this.#release(thread)
    const matcher = new ThreadMatcher({ thread, job, signal, release })
    await matcher.ready
    return matcher
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const { fail } of this.#waiting.splice(0)) fail(closed())
    await Promise.all([...this.#all].map((thread) => thread.terminate()))
  }

  /** Resolves when one more may search. */
  async #place(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#isClosed) throw closed()
    if (this.#busy < limits.searchesMax) {
      this.#busy += 1
      return
    }
    if (this.#waiting.length >= limits.searchesQueuedMax) {
      throw new AppError(
        'too-many-searches',
        `${this.#waiting.length} searches are waiting already.`,
      )
    }
    await this.#turn(signal)
  }

  /** The place of a search that ends is handed to the one that has waited longest. */
  async #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = deferred()
    const waiting = { go: resolve, fail: reject }
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiting)
      if (at >= 0) this.#waiting.splice(at, 1)
      reject(signal.reason)
    }
    this.#waiting.push(waiting)
    signal.addEventListener('abort', leave, { once: true })
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  #thread(): Worker {
    const idle = this.#idle.pop()
    if (idle !== undefined) {
      clearTimeout(idle.end)
      idle.thread.ref()
      return idle.thread
    }
    const thread = this.#start()
    this.#all.add(thread)
    // Whoever uses it listens too; this only keeps a fault in it from ending the program.
    thread.on('error', () => {})
    thread.once('exit', () => this.#forget(thread))
    return thread
  }

  #forget(thread: Worker): void {
    this.#all.delete(thread)
    const at = this.#idle.findIndex((idle) => idle.thread === thread)
    const [gone] = at < 0 ? [] : this.#idle.splice(at, 1)
    clearTimeout(gone?.end)
  }

  #release(thread: Worker): void {
    if (this.#all.has(thread) && !this.#isClosed) {
      const end = setTimeout(() => void thread.terminate(), limits.searchIdleMs)
      end.unref()
      thread.unref()
      this.#idle.push({ thread, end })
    }
    const next = this.#waiting.shift()
    if (next === undefined) this.#busy -= 1
    else next.go()
  }
}

interface IdleThread {
  readonly thread: Worker
  readonly end: NodeJS.Timeout
}

function closed(): AppError {
  return new AppError('shutting-down', 'Farglass is shutting down.')
}
