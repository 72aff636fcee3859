/** Cold reads of the store for followers behind the tail: few at once, shared by who is at the same place. */
import { limits } from '../../shared/limits.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { Frame } from '../runs/run-service.ts'
import type { LogStore } from '../store/log-store.ts'
import { toFrames } from './frames.ts'

export class CatchUp {
  readonly #log: Pick<LogStore, 'read' | 'bounds'>
  #free: number = limits.catchUpReadsMax
  readonly #queue: (() => void)[] = []
  /** Newest last; the promises of reads under way and the results of finished ones alike. */
  readonly #cache = new Map<string, Promise<readonly Frame[]>>()

  constructor(log: Pick<LogStore, 'read' | 'bounds'>) {
    this.#log = log
  }

  /** Frames from exactly `from` on; empty when nothing is stored there. Rejects with `store-failed`. */
  async read({ id, epoch }: Pick<Run, 'id' | 'epoch'>, from: number): Promise<readonly Frame[]> {
    // Another epoch may have given positions anew.
    const key = `${id} ${epoch} ${from}`
    const known = this.#cache.get(key)
    if (known !== undefined) return known
    const frames = this.#readQueued(id, from)
    this.#cache.set(key, frames)
    if (this.#cache.size > limits.catchUpCachedMax) this.#forget(this.#cache.keys().next().value)
    try {
      const found = await frames
      // The end of the log moves: only whole reads stay true.
      if (frameSum(found) < limits.catchUpBytesMax / 2) this.#forget(key)
      return found
    } catch (error) {
      this.#forget(key)
      throw error
    }
  }

  /** The position after the last stored line, also when its writer has not heard of it yet. */
  async end(run: RunId): Promise<number> {
    return (await this.#log.bounds(run)).next
  }

  #forget(key: string | undefined): void {
    if (key !== undefined) this.#cache.delete(key)
  }

  async #readQueued(run: RunId, from: number): Promise<readonly Frame[]> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#queue.push(resolve))
    else this.#free -= 1
    try {
      return toFrames(await this.#log.read(run, from, limits.catchUpBytesMax))
    } finally {
      const next = this.#queue.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}

function frameSum(frames: readonly Frame[]): number {
  let sum = 0
  for (const frame of frames) for (const group of frame.groups) sum += group.bytes.length
  return sum
}
