/** A thread of the store as the main thread sees it: numbered questions out, answers back. */
import type { Worker } from 'node:worker_threads'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import type { ErrorBody } from '../../shared/protocol/error-body.ts'
import { startThread } from '../system/start-thread.ts'
import type { Reply, Request, ThreadData, Ticketed } from './messages.ts'

export type ThreadName = 'write-thread' | 'read-thread'

export class StoreThread<Op extends { readonly kind: string }> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #ready = new Deferred()
  readonly #closed = new Deferred()
  readonly #exited = new Deferred()
  readonly #data: ThreadData
  /** Takes memory that the thread hands back. */
  onSpent: (bytes: Uint8Array<ArrayBuffer>) => void = () => {}
  #lastTicket = 0
  #end: AppError | undefined

  constructor(name: ThreadName, data: ThreadData) {
    this.#data = data
    this.#worker = startWorker(name, data)
    this.#worker.on('message', (reply: Reply) => this.#take(reply))
    this.#worker.on('error', (error) => this.fail(this.#stopped(error.message)))
    this.#worker.on('exit', () => {
      this.#exited.resolve()
      this.fail(this.#stopped('its thread ended'))
    })
  }

  /** Resolves when the database is open; rejects with the reason why not. */
  get ready(): Promise<void> {
    return this.#ready.promise
  }

  /** The number under which the answer to one op will come, and the answer. */
  expect(): { readonly ticket: number; readonly answer: Promise<unknown> } {
    if (this.#end !== undefined) return { ticket: 0, answer: Promise.reject(this.#end) }
    const ticket = ++this.#lastTicket
    const answer = new Promise((resolve, reject) => this.#waiting.set(ticket, { resolve, reject }))
    return { ticket, answer }
  }

  send(ops: readonly Ticketed<Op>[], bytes: Uint8Array<ArrayBuffer>): void {
    const request: Request<Op> = { kind: 'burst', ops, bytes }
    this.#worker.postMessage(request, bytes.length > 0 ? [bytes.buffer] : [])
  }

  /** Refuses all that waits and all that comes. */
  fail(error: AppError): void {
    this.#end ??= error
    for (const one of this.#waiting.values()) one.reject(this.#end)
    this.#waiting.clear()
    this.#ready.reject(this.#end)
    this.#closed.resolve()
  }

  /** Lets the thread finish what it has been sent, then end. */
  async close(): Promise<void> {
    if (this.#end === undefined) {
      const request: Request<Op> = { kind: 'close' }
      this.#worker.postMessage(request)
      await this.#closed.promise
      this.fail(new AppError('store-failed', 'The store is closed.'))
    }
    // It ends by itself. Ending it by force could hit the driver's native code on its way out,
    // which takes the whole process down; that is left for a thread that does not end.
    const giveUp = setTimeout(() => void this.#worker.terminate(), endMs)
    await this.#exited.promise
    clearTimeout(giveUp)
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case 'ready':
        return this.#ready.resolve()
      case 'closed':
        return this.#closed.resolve()
      case 'failed':
        return this.fail(toError(reply.error))
      case 'answers':
        for (const bytes of reply.spent ?? []) this.onSpent(bytes)
        for (const answer of reply.answers) {
          const waiting = this.#waiting.get(answer.ticket)
          this.#waiting.delete(answer.ticket)
          if ('error' in answer) waiting?.reject(toError(answer.error))
          else waiting?.resolve(answer.value)
        }
    }
  }

  #stopped(why: string): AppError {
    const { directory } = this.#data
    return new AppError('store-failed', `The store stopped: ${why} (data directory ${directory}).`)
  }
}

/** A thread that has closed its database has nothing left to do. */
const endMs = 5_000

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: AppError) => void
}

class Deferred {
  readonly promise: Promise<void>
  resolve: () => void = () => {}
  reject: (error: AppError) => void = () => {}

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Whoever wants to know awaits it; that nobody does is no fault.
    this.promise.catch(() => {})
  }
}

function startWorker(name: ThreadName, data: ThreadData): Worker {
  // Node 22 calls its SQLite experimental on stderr, where it would disturb people.
  const options = {
    workerData: data,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // What a thread handles is garbage at once; V8 would let 48 MB of it gather in each.
    resourceLimits: { maxYoungGenerationSizeMb: 6 },
  }
  return startThread(new URL(`./${name}`, import.meta.url), options)
}

function toError(body: ErrorBody['error']): AppError {
  // The codes come from AppErrors of the same program.
  return new AppError(body.code as ErrorCode, body.message, { hint: body.hint })
}
