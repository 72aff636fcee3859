/** Follows files of a host as a server does, cuts included, and keeps what a store would hold. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FileEvent } from '../../src/core/files/file-event.ts'
import { FileLines } from '../../src/core/files/file-lines.ts'
import { decodeProgress, noProgress } from '../../src/core/files/files-progress.ts'
import { FilesSession } from '../../src/core/files/files-session.ts'
import { commandText } from '../../src/core/remote/follow-command.ts'
import { FollowFrames } from '../../src/core/remote/follow-frames.ts'
import { followScript } from '../../src/core/remote/follow-script.ts'
import type { RemoteChannel, RemoteHost } from '../../src/core/remote/remote-host.ts'
import { until } from './until.ts'

export interface FollowOptions {
  readonly host: RemoteHost
  readonly paths: readonly string[]
  readonly lines?: number
}

/** Everything is kept as a store would: lines with the progress after them, nothing else. */
export class FollowedFiles {
  readonly notes: string[] = []
  readonly gaps: Extract<FileEvent, { kind: 'gap' }>[] = []
  readonly pieces: { readonly file: string; readonly bytes: Uint8Array }[] = []
  progress: string | null = null
  sessions = 0
  broken: string | null = null
  readonly #options: FollowOptions
  #channel: RemoteChannel | null = null
  #stopped = false
  readonly #over = new AbortController()
  #done: Promise<void> | null = null
  #delayMs = 0

  constructor(options: FollowOptions) {
    this.#options = options
  }

  /** Begins; resolves when every file has its first position. */
  async start(): Promise<this> {
    this.#done = this.#sessions()
    try {
      await until('every file has a position', () => this.isBegun)
    } catch (thrown) {
      await this[Symbol.asyncDispose]()
      throw thrown
    }
    return this
  }

  get isBegun(): boolean {
    const progress = this.progress === null ? undefined : decodeProgress(this.progress)
    return this.#options.paths.every((path) => progress?.begun.has(path) === true)
  }

  /** What a cut of the connection does. The next session begins `delayMs` later. */
  cut(delayMs = 0): void {
    this.#delayMs = delayMs
    const channel = this.#channel
    if (channel === null) return
    this.#channel = null
    if ('cut' in channel && typeof channel.cut === 'function') channel.cut()
    void channel[Symbol.asyncDispose]()
  }

  text(file?: string): string {
    const pieces = this.pieces.filter((piece) => file === undefined || piece.file === file)
    return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1')
  }

  lines(file?: string): string[] {
    return this.text(file).split('\n').slice(0, -1)
  }

  /** Waits until the stored text of all files, or of one, is this. */
  async shows(text: string, file?: string): Promise<void> {
    await until(
      `${JSON.stringify(text).slice(-300)} is stored`,
      () => this.text(file) === text,
    ).catch((thrown: unknown) => {
      throw new Error(
        `${String(thrown)} But: ${JSON.stringify(this.text(file)).slice(-300)} ${this.story()}`,
      )
    })
  }

  async noted(kind: string): Promise<void> {
    await until(`a note "${kind}"`, () => this.notes.some((note) => note.startsWith(kind)))
  }

  story(): string {
    return JSON.stringify({ notes: this.notes, gaps: this.gaps, progress: this.progress })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#over.abort()
    this.cut()
    await this.#done
  }

  async #sessions(): Promise<void> {
    while (!this.#stopped) {
      await this.#session()
      await sleep(this.#delayMs, undefined, { signal: this.#over.signal }).catch(() => undefined)
    }
  }

  async #session(): Promise<void> {
    this.sessions += 1
    const { host, paths, lines = 10 } = this.#options
    const progress = (this.progress === null ? null : decodeProgress(this.progress)) ?? noProgress
    const session = new FilesSession({ paths, lines, progress, now: () => performance.now() })
    const stored = new FileLines(progress)
    const frames = new FollowFrames('nonce')
    const channel = await host.open({ script: followScript({ nonce: 'nonce' }), tty: false })
    if (this.#stopped) {
      await channel[Symbol.asyncDispose]()
      return
    }
    this.#channel = channel
    const ticker = setInterval(() => this.#take(session.tick(), stored, channel), 10)
    try {
      for await (const { channel: from, bytes } of channel.output) {
        if (from !== 'out') continue
        for (const frame of frames.push(bytes)) {
          if (frame.kind === 'broken') this.broken = frame.why
          this.#take(session.take(frame), stored, channel)
        }
        if (this.#channel !== channel) break
      }
    } catch {
      // The connection is gone: the next session goes on.
    } finally {
      clearInterval(ticker)
      await channel[Symbol.asyncDispose]()
    }
  }

  #take(output: ReturnType<FilesSession['tick']>, stored: FileLines, channel: RemoteChannel): void {
    for (const event of output.events) {
      if (event.kind === 'note') this.notes.push(event.text)
      if (event.kind === 'gap') this.gaps.push(event)
      for (const { file, slab } of stored.take(event)) {
        this.pieces.push({ file, bytes: slab.bytes.slice() })
        this.progress = stored.progress
      }
      this.progress = stored.progress
    }
    for (const command of output.commands) channel.send(commandText(command))
  }
}
