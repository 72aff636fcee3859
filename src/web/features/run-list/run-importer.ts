/** Brings runs back from files, one after the other, as `farglass import` does. */
import { type Signal, signal } from '@preact/signals'
import type { HttpApi } from '../../../client/http-api.ts'
import { importBlob } from '../../../client/run-files-api.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { Run } from '../../../shared/run.ts'
import { refusalText } from '../../i18n/refusal-words.ts'
import { uploadOf } from './upload.ts'

export interface ImporterOptions {
  readonly request: HttpApi['request']
  readonly onImported: (run: Run) => void
}

export class RunImporter {
  /** The file that is on its way; null when none is. */
  readonly current: Signal<string | null> = signal<string | null>(null)
  /** How much of it has gone, from 0 to 1; null while that is not known. */
  readonly sent: Signal<number | null> = signal<number | null>(null)
  /** Of each file that was refused its name and why. */
  readonly problems: Signal<readonly string[]> = signal<readonly string[]>([])
  readonly #options: ImporterOptions
  #waiting: readonly File[] = []
  #abort = new AbortController()

  constructor(options: ImporterOptions) {
    this.#options = options
  }

  /** Those that come while one is on its way wait for it. */
  async take(files: readonly File[]): Promise<void> {
    this.#waiting = [...this.#waiting, ...files]
    if (this.current.value !== null) return
    this.problems.value = []
    this.#abort = new AbortController()
    for (let file = this.#next(); file !== undefined; file = this.#next()) {
      this.current.value = file.name
      await this.#import(file)
    }
    this.current.value = null
  }

  /** What is on its way is given up, and nothing of it stays. */
  stop(): void {
    this.#waiting = []
    this.#abort.abort()
  }

  #next(): File | undefined {
    const [file, ...rest] = this.#waiting
    this.#waiting = rest
    return file
  }

  async #import(file: File): Promise<void> {
    const { signal: stopped } = this.#abort
    const { request, onImported } = this.#options
    try {
      const body = await unpacked(file)
      const by = uploadOf(body, (bytes) => {
        this.sent.value = Math.min(1, bytes / body.size)
      })
      onImported(await importBlob((path, init) => request(path, init, by), body, stopped))
    } catch (thrown) {
      if (stopped.aborted) return
      this.problems.value = [
        ...this.problems.value,
        `${file.name}: ${refusalText(toAppError(thrown))}`,
      ]
    } finally {
      this.sent.value = null
    }
  }
}

/** A browser sends a file while it reads it, but not a stream: what is packed is unpacked before. */
async function unpacked(file: File): Promise<Blob> {
  try {
    const head = new Uint8Array(await file.slice(0, 2).arrayBuffer())
    if (head[0] !== 0x1f || head[1] !== 0x8b) return file
    const whole = file.stream().pipeThrough(new DecompressionStream('gzip'))
    return await new Response(whole).blob()
  } catch (cause) {
    throw new AppError('bad-request', 'The file cannot be read.', {
      cause,
      hint: 'Give a file that "farglass export --format run" has written.',
    })
  }
}
