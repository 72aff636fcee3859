/** One search in one thread: shares out, matches back, and the end of the thread when it must stop. */
import type { Worker } from 'node:worker_threads'
import type { Matcher, Matches, MatchJob, MatchPart } from '../../core/search/matchers.ts'
import { decodeBatch, encodeBatchInto, encodedBytes } from '../../shared/batch-codec.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import { deferred } from './deferred.ts'
import type { MatchReply, MatchRequest, ShareReply } from './messages.ts'

export interface ThreadMatcherParts {
  readonly thread: Worker
  readonly job: MatchJob
  readonly signal: AbortSignal
  /** Called once: the thread is ended, or free for the next search. */
  readonly release: () => void
}

export class ThreadMatcher implements Matcher {
  /** Its thread has started and takes shares. Rejects when it does not, and with the signal's reason. */
  readonly ready: Promise<void>
  readonly #parts: ThreadMatcherParts
  readonly #start = deferred()
  readonly #tooLate: NodeJS.Timeout
  #isOver = false
  #waiting: Waiting | undefined
  #spare: Uint8Array<ArrayBuffer> | undefined

  constructor(parts: ThreadMatcherParts) {
    this.#parts = parts
    this.ready = this.#start.promise
    const { thread, job, signal } = parts
    this.#tooLate = setTimeout(() => this.#giveUp(notStarted()), limits.searchStartMs)
    thread.on('message', this.#take)
    thread.once('exit', this.#gone)
    signal.addEventListener('abort', this.#stop, { once: true })
    if (signal.aborted) this.#stop()
    else this.#say({ kind: 'job', job })
  }

  take(groups: readonly PlacedGroup[], part: MatchPart): Promise<Matches> {
    if (this.#isOver) return Promise.reject(this.#reason())
    const length = encodedBytes(groups)
    const memory = this.#memoryFor(length)
    encodeBatchInto(memory, 0, groups)
    const answer = new Promise<Matches>((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
    const pos = groups[0]?.pos ?? 0
    this.#say({ kind: 'share', pos, memory, length, part }, [memory.buffer])
    return answer
  }

  /** That of the share before: fresh memory would cost more than what is written into it. */
  #memoryFor(length: number): Uint8Array<ArrayBuffer> {
    const spare = this.#spare
    this.#spare = undefined
    return spare !== undefined && spare.length >= length
      ? spare
      : new Uint8Array(length + spareBytes)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What it is still busy with is of no use to anybody.
    if (this.#waiting !== undefined) this.#stop()
    else this.#end()
  }

  #say(request: MatchRequest, handedOver: ArrayBuffer[] = []): void {
    this.#parts.thread.postMessage(request, handedOver)
  }

  readonly #take = (reply: MatchReply): void => {
    if (reply.kind === 'ready') {
      clearTimeout(this.#tooLate)
      this.#start.resolve()
      return
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#spare = reply.memory
    if (reply.kind === 'failed') waiting?.reject(failed(reply.message))
    else waiting?.resolve(matchesOf(reply))
  }

  /** Even within a line. */
  readonly #stop = (): void => this.#giveUp(this.#reason())

  #giveUp(reason: unknown): void {
    if (this.#isOver) return
    const { thread } = this.#parts
    this.#fail(reason)
    this.#isOver = true
    this.#leave()
    // The place is free when the thread no longer takes a core.
    void thread.terminate().then(() => this.#parts.release())
  }

  readonly #gone = (): void => {
    this.#fail(failed('its thread ended'))
    this.#end()
  }

  #fail(reason: unknown): void {
    this.#start.reject(reason)
    this.#waiting?.reject(reason)
    this.#waiting = undefined
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#leave()
    this.#parts.release()
  }

  #leave(): void {
    const { thread, signal } = this.#parts
    clearTimeout(this.#tooLate)
    thread.off('message', this.#take)
    thread.off('exit', this.#gone)
    signal.removeEventListener('abort', this.#stop)
  }

  #reason(): unknown {
    const { signal } = this.#parts
    return signal.aborted ? signal.reason : failed('it was ended before')
  }
}

/** Shares differ a little in size. */
const spareBytes = 64 * 1024

interface Waiting {
  readonly resolve: (matches: Matches) => void
  readonly reject: (reason: unknown) => void
}

function failed(why: string): AppError {
  return new AppError('internal', `A search of Farglass failed: ${why}.`)
}

function notStarted(): AppError {
  const seconds = limits.searchStartMs / 1_000
  return new AppError(
    'too-many-searches',
    `A thread to search in has not started within ${seconds} s: this machine is too busy.`,
  )
}

function matchesOf(reply: Extract<ShareReply, { kind: 'matches' }>): Matches {
  const { count, positions, batch, buckets } = reply
  const groups = decodeBatch(batch, 0).map((group, at) => ({ ...group, pos: positions[at] ?? 0 }))
  return { count, groups, buckets }
}
