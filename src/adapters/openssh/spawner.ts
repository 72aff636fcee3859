/** Starts ssh processes one per turn of the event loop, and ends them all. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../shared/errors.ts'

/** A fork blocks the event loop for some milliseconds, so viewers get their turn between two. */
export class Spawner {
  readonly #queue: (() => void)[] = []
  readonly #running = new Set<ChildProcess>()
  #isClosed = false

  /** Resolves with the running process; rejects with `ssh-missing` or `ssh-failed`. */
  start(args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      this.#queue.push(() => {
        this.#spawn(args, options).then(resolve, reject)
      })
      if (this.#queue.length === 1) setImmediate(() => this.#turn())
    })
  }

  /** TERM to all that run, KILL to what is left after a while, and no more starts from now on. */
  async endAll(clock: Clock): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#running].map((child) => endProcess(child, clock)))
  }

  #turn(): void {
    // The entry stays in the queue while it runs: its presence says that a turn is on its way.
    this.#queue[0]?.()
    this.#queue.shift()
    if (this.#queue.length > 0) setImmediate(() => this.#turn())
  }

  /** In a session of its own: a terminal's Ctrl-C is for Farglass, which then ends ssh in order. */
  async #spawn(args: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
    if (this.#isClosed) throw new AppError('shutting-down', 'Farglass is being stopped.')
    const child = spawn('ssh', args, { ...options, detached: true })
    try {
      await once(child, 'spawn')
    } catch (cause) {
      throw startError(cause)
    }
    // A signal that cannot be sent would be thrown at nobody; its end is awaited anyway.
    child.on('error', () => undefined)
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    return child
  }
}

/** TERM, and KILL when that was not enough. Resolves when the process has ended. */
export async function endProcess(child: ChildProcess, clock: Clock): Promise<void> {
  if (hasEnded(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const cancelKill = clock.after(termGraceMs, () => void child.kill('SIGKILL'))
  await exited
  cancelKill()
}

/** Whether the process has ended, by itself or by a signal. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** ssh obeys TERM at once; only one that hangs in the kernel needs more. */
const termGraceMs = 1_000

function startError(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  return code === 'ENOENT'
    ? new AppError('ssh-missing', 'There is no "ssh" program on the machine of Farglass.')
    : new AppError('ssh-failed', `The "ssh" program could not be started (${code}).`, { cause })
}
