/** A tab's way to the worker: joins at a place, gives its messages in order, leaves when it is closed. */
import type { ReadPlace } from '../../../shared/epochs.ts'
import type { RunId } from '../../../shared/run.ts'
import type { HubMessage, TabMessage } from './hub-messages.ts'
import { streamWorkerAddress } from './worker-address.ts'

/** What was taken is told in one message for so many characters, or when nothing else waits. */
const tellChars = 256 * 1024

export interface HubPortOptions {
  readonly id: RunId
  readonly signal: AbortSignal
  readonly name: string
}

export class HubPort implements AsyncDisposable {
  /** The worker cannot be started. */
  isUnavailable = false
  readonly #port: MessagePort
  readonly #signal: AbortSignal
  readonly #freeLock: () => void
  #messages: HubMessage[] = []
  #taken = 0
  #wake: () => void = () => {}

  static async open(
    { id, signal, name }: HubPortOptions,
    { cursor, epochs }: ReadPlace,
  ): Promise<HubPort> {
    const lock = 'locks' in navigator ? `farglass-tab-${crypto.randomUUID()}` : null
    const freeLock = lock === null ? () => {} : await holdLock(lock)
    const port = new HubPort(signal, freeLock)
    port.#tell({ kind: 'join', run: id, cursor, epochs, lock, name })
    return port
  }

  private constructor(signal: AbortSignal, freeLock: () => void) {
    const worker = new SharedWorker(streamWorkerAddress, { type: 'module' })
    this.#port = worker.port
    this.#signal = signal
    this.#freeLock = freeLock
    worker.addEventListener('error', this.#onError)
    // Only our own worker has the other end, by the type that both sides share.
    worker.port.addEventListener('message', this.#onMessage)
    worker.port.start()
    signal.addEventListener('abort', this.#onAbort)
    // A page that is left may be kept by the browser: it is to hold no stream meanwhile.
    window.addEventListener('pagehide', this.#leave)
    window.addEventListener('pageshow', this.#comeBack)
  }

  /** Ends when the signal aborts, or the worker cannot be had. */
  async *messages(): AsyncGenerator<HubMessage> {
    while (!this.#signal.aborted && !this.isUnavailable) {
      const messages = this.#messages
      this.#messages = []
      for (const message of messages) {
        if (this.#signal.aborted) return
        yield message
      }
      if (this.#messages.length > 0) continue
      this.#tellTaken()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Events of so many characters have been worked off. */
  taken(chars: number): void {
    this.#taken += chars
    if (this.#taken > tellChars) this.#tellTaken()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave()
    this.#port.close()
    this.#signal.removeEventListener('abort', this.#onAbort)
    window.removeEventListener('pagehide', this.#leave)
    window.removeEventListener('pageshow', this.#comeBack)
    this.#freeLock()
  }

  #tellTaken(): void {
    if (this.#taken > 0) this.#tell({ kind: 'taken', chars: this.#taken })
    this.#taken = 0
  }

  #tell(message: TabMessage): void {
    this.#port.postMessage(message)
  }

  readonly #leave = (): void => this.#tell({ kind: 'leave' })

  readonly #comeBack = (event: PageTransitionEvent): void => {
    if (!event.persisted) return
    this.#messages.push({ kind: 'behind', next: 0 })
    this.#wake()
  }

  readonly #onAbort = (): void => this.#wake()

  readonly #onError = (): void => {
    this.isUnavailable = true
    this.#wake()
  }

  readonly #onMessage = ({ data }: MessageEvent<HubMessage>): void => {
    this.#messages.push(data)
    this.#wake()
  }
}

/** Holds a lock of this name until the returned function is called, or the tab is gone. */
function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => new Promise<void>((release) => resolve(() => release())))
      .catch(reject)
  })
}
