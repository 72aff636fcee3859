/** Old generations of a file that somebody may still write to: they are read for some time more. */

import { limits } from '../../shared/limits.ts'
import { inodeOf } from './file-position.ts'
import { drain, findGeneration } from './find-generation.ts'
import type { Place } from './place.ts'
import { emit, emitPosition, follow, leave, list, now, pause, type Steps } from './reader-steps.ts'
import { inOrder } from './rotated-files.ts'

/** Old generations of one file that are read on at once. */
const lateMax = 4

interface Late {
  readonly id: number
  readonly place: Place
  readonly untilMs: number
}

export class LateFiles {
  readonly #path: string
  #late: readonly Late[] = []

  constructor(path: string) {
    this.#path = path
  }

  get nextEndMs(): number | null {
    return this.#late[0]?.untilMs ?? null
  }

  has(id: number): boolean {
    return this.#late.some((late) => late.id === id)
  }

  /** Reads this generation on, wherever it is now. */
  *keep(place: Place): Steps<void> {
    const untilMs = (yield* now()) + limits.followLateMs
    yield* this.#settle(place, untilMs)
    for (const late of this.#late.slice(0, Math.max(0, this.#late.length - lateMax))) {
      yield* this.#end(late)
    }
  }

  /** What was read on under this id is not where it was. */
  *moved(id: number): Steps<void> {
    const late = this.#late.find((other) => other.id === id)
    if (late === undefined) return
    this.#late = this.#late.filter((other) => other !== late)
    const place = (yield* leave(id)) ?? late.place
    yield* this.#settle(place, late.untilMs)
  }

  /** Ends those whose time is over. */
  *endDue(): Steps<void> {
    const time = yield* now()
    for (const late of this.#late.filter(({ untilMs }) => untilMs <= time)) yield* this.#end(late)
  }

  *#end(late: Late): Steps<void> {
    this.#late = this.#late.filter((other) => other !== late)
    yield* leave(late.id)
    yield* this.#close(late.place)
  }

  *#close({ generation }: Place): Steps<void> {
    yield* emit({ kind: 'closed', file: this.#path, generation })
  }

  /**
   * Under its inode it can still grow, so it is followed; a packed copy is read once to its end. Not
   * found: it was removed, and what it had was read.
   */
  *#settle(from: Place, untilMs: number): Steps<void> {
    let place = from
    for (const pauseMs of [50, 1_000, 0]) {
      const { entries } = yield* list(this.#path)
      const found = yield* findGeneration(inOrder(this.#path, entries), place)
      if (found !== null) {
        if (place.tail === null) yield* emitPosition(this.#path, found.place)
        place = found.place
        if (found.entry.inode === inodeOf(place.generation)) {
          const id = yield* follow(found.entry.path, place)
          this.#late = [...this.#late, { id, place, untilMs }]
          return
        }
        const drained = yield* drain(this.#path, found)
        place = drained.place
        if (drained.isWhole) break
      }
      if (pauseMs > 0) yield* pause(pauseMs)
    }
    yield* this.#close(place)
  }
}
