/** Both outputs of a local ssh process as one pulled sequence; what is not pulled pauses the host. */
import type { Readable } from 'node:stream'
import type { ChannelBytes } from '../../core/remote/remote-host.ts'
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'

export class ChannelOutput {
  readonly #streams: readonly Readable[]
  #waiting: ChannelBytes[] = []
  #waitingBytes = 0
  #open = 0
  #paused = false
  #wake: (() => void) | null = null

  constructor(out: Readable, err: Readable) {
    this.#streams = [out, err]
    this.#take(out, 'out')
    this.#take(err, 'err')
  }

  /** The next bytes of either channel in the order of arrival; null when both have ended. */
  async next(): Promise<ChannelBytes | null> {
    while (this.#waiting.length === 0) {
      if (this.#open === 0) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const piece = this.#waiting.shift() ?? null
    this.#waitingBytes -= piece?.bytes.length ?? 0
    if (this.#paused && this.#waitingBytes <= resumeBytes) this.#resume()
    return piece
  }

  /** Lets go of the streams; `next` gives what has come, then null. */
  destroy(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  #take(stream: Readable, channel: SourceChannel): void {
    this.#open += 1
    stream.on('data', (bytes: Buffer) => {
      this.#waiting.push({ channel, bytes })
      this.#waitingBytes += bytes.length
      if (!this.#paused && this.#waitingBytes >= limits.sessionBufferBytesMax) this.#pause()
      this.#ring()
    })
    // A reset is an end like any other: why it came is known from the process.
    stream.on('error', () => undefined)
    stream.once('close', () => {
      this.#open -= 1
      this.#ring()
    })
  }

  #ring(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  /** Both, always: one window serves both channels, so one alone would starve the other. */
  #pause(): void {
    this.#paused = true
    for (const stream of this.#streams) stream.pause()
  }

  #resume(): void {
    this.#paused = false
    for (const stream of this.#streams) stream.resume()
  }
}

/** One read of a pipe is still there when the next one is asked for. */
const resumeBytes = 64 * 1024
