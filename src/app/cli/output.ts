/**
 * Writes to standard output and error without blocking: Node's own streams write to a pipe
 * synchronously, so that with a slow reader no Ctrl-C would be heard. One queue for both keeps their
 * order when both go to the same place.
 */
import { write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { limits } from '../../shared/limits.ts'

export type OutputTarget = 'out' | 'err'

export interface Output {
  /** Whether the target is a terminal. */
  isTerminal(target: OutputTarget): boolean
  /** Columns of the terminal, 80 when not known. */
  readonly columns: number
  /**
   * Queues text or bytes. The promise resolves at once while little is waiting, else when it has
   * been written: await it, and the source is slowed down to the reader.
   */
  write(target: OutputTarget, data: string | Uint8Array): Promise<void>
  /** Resolves when everything is written. */
  drain(): Promise<void>
  /** Aborts when standard output cannot be written: its reader is gone (`| head`), or the disk is full. */
  readonly closed: AbortSignal
}

const descriptors = { out: 1, err: 2 } as const

export function createOutput(): Output {
  const closed = new AbortController()
  let queue: { target: OutputTarget; parts: Uint8Array[] }[] = []
  let waitingBytes = 0
  let working: Promise<void> | undefined

  const work = async () => {
    while (queue.length > 0) {
      const pieces = queue
      queue = []
      waitingBytes = 0
      for (const { target, parts } of pieces) {
        const failure = await writeAll(descriptors[target], parts)
        if (failure !== undefined && target === 'out') closed.abort(failure)
      }
    }
    working = undefined
  }

  return {
    isTerminal: (target) => isatty(descriptors[target]),
    get columns() {
      // A terminal that was never told its size says 0.
      return process.stdout.columns > 0 ? process.stdout.columns : 80
    },
    closed: closed.signal,
    write: async (target, data) => {
      if (closed.signal.aborted || data.length === 0) return
      const bytes = typeof data === 'string' ? Buffer.from(data) : data
      const last = queue.at(-1)
      if (last?.target === target) last.parts.push(bytes)
      else queue.push({ target, parts: [bytes] })
      waitingBytes += bytes.length
      working ??= work()
      if (waitingBytes >= limits.cliOutputBytesMax) await working
    },
    drain: async () => {
      await working
    },
  }
}

/** Resolves with why it could not be written, or undefined. */
async function writeAll(descriptor: number, parts: readonly Uint8Array[]): Promise<unknown> {
  const [first = new Uint8Array()] = parts
  let rest = parts.length === 1 ? first : Buffer.concat(parts)
  try {
    while (rest.length > 0) rest = rest.subarray(await writeSome(descriptor, rest))
  } catch (thrown) {
    return thrown
  }
  return undefined
}

/** Bytes written; waits a little when somebody has made the pipe non-blocking and it is full. */
async function writeSome(descriptor: number, bytes: Uint8Array): Promise<number> {
  for (;;) {
    try {
      return await writeOnce(descriptor, bytes)
    } catch (thrown) {
      if (!isFull(thrown)) throw thrown
      await sleep(5)
    }
  }
}

function writeOnce(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, (error, written) => {
      if (error === null) resolve(written)
      else reject(error)
    })
  })
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN'
}
