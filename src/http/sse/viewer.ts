/** One reader of a stream: a socket that is never sent more than it takes. */
import type { ServerResponse } from 'node:http'
import type { metricTable } from '../../core/metrics/metric-table.ts'
import { limits } from '../../shared/limits.ts'
import { emptyGzipSum, gzipHead, gzipTail, type WireBlock } from './wire-block.ts'

export type CutReason = (typeof metricTable.farglass_viewers_cut_total.labels.reason)[number]

/**
 * Writes blocks to a response whose head has been sent. Nothing waits for a write: who writes looks
 * at `lagging` and, when it is true, waits for `drained` before it takes the next item.
 */
export class Viewer {
  readonly #response: ServerResponse
  readonly #abort = new AbortController()
  readonly #gzip: boolean
  #cutReason: CutReason | null = null
  #sum = emptyGzipSum
  #silent = false
  /** Those who wait for `drained`: several when one stream serves several runs. */
  #waiting: (() => void)[] = []

  constructor(response: ServerResponse, options: { gzip: boolean; stallMs: number }) {
    this.#response = response
    this.#gzip = options.gzip
    // Node's socket timer starts again with each write and while the peer takes bytes; when it
    // fires, http destroys the socket. So a reader that takes nothing for this long is cut.
    response.socket?.setTimeout(options.stallMs)
    const stalled = () => {
      this.#cutReason ??= 'stalled'
    }
    response.socket?.once('timeout', stalled)
    response.on('drain', () => this.#wake())
    // The response's `close`, not the request's: that one comes when the request has been read.
    response.on('close', () => {
      response.socket?.off('timeout', stalled)
      this.#abort.abort()
      this.#wake()
    })
    response.on('error', () => undefined)
    // It may have gone while the run was looked up: then no `close` comes any more.
    if (response.destroyed) this.#abort.abort()
    if (options.gzip) response.write(gzipHead)
  }

  /** Aborts when the reader is gone or the stream has ended. */
  get gone(): AbortSignal {
    return this.#abort.signal
  }

  /** More bytes wait in the socket than a viewer may hold. */
  get lagging(): boolean {
    return this.#response.writableLength > limits.viewerBufferBytesMax
  }

  /** Bytes that wait in the socket. */
  get queuedBytes(): number {
    return this.#response.writableLength
  }

  /** Nothing was written since this was asked last, and nothing waits to be sent. */
  isSilent(): boolean {
    const { writableLength } = this.#response
    const silent = this.#silent && writableLength === 0
    this.#silent = true
    return silent
  }

  write(block: WireBlock): void {
    if (this.gone.aborted || this.#response.writableEnded) return
    this.#silent = false
    if (this.#gzip) {
      this.#response.write(block.gzip.bytes)
      this.#sum = block.gzip.addTo(this.#sum)
    } else {
      this.#response.write(block.plain)
    }
  }

  /** Resolves when the socket has taken everything, or the reader is gone. */
  async drained(): Promise<void> {
    if (!this.lagging || this.gone.aborted) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  /** A clean end: what was written still goes out. */
  end(): void {
    if (this.gone.aborted || this.#response.writableEnded) return
    if (this.#gzip) this.#response.end(gzipTail(this.#sum))
    else this.#response.end()
  }

  /** Why the server has cut the connection; null while it has not. */
  get cutReason(): CutReason | null {
    return this.#cutReason
  }

  /** The end of the connection, at once: the reader comes again with its cursor. */
  cut(reason: CutReason): void {
    if (this.gone.aborted) return
    this.#cutReason ??= reason
    this.#response.destroy()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
