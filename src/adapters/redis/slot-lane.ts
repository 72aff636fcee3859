/**
 * The commands for one slot of a cluster, in the order of the calls: while one was sent elsewhere, or was
 * refused for a moment, those behind it wait until all that are under way have come back.
 */
import { limits } from '../../shared/limits.ts'
import type { Redirect } from './cluster-slots.ts'
import type { ServerAddress } from './redis-address.ts'
import type { CommandWords } from './redis-link.ts'

export interface RoutedCommand {
  readonly words: CommandWords
  /** Steady clock. */
  readonly deadlineMs: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** What became of one that was sent. */
export type Outcome =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly reason: unknown }
  /** To be sent again. */
  | Redirect
  | { readonly kind: 'returned' }

export interface LaneParts {
  /** Never rejects. `to`: a server that takes over the slot and does not own it yet. */
  readonly transmit: (command: RoutedCommand, to: ServerAddress | undefined) => Promise<Outcome>
  /** Nothing is in it any more. */
  readonly onEmpty: () => void
  /** Why a command is given up that was sent on and on. */
  readonly tooLate: () => unknown
}

interface Entry {
  readonly command: RoutedCommand
  /** By the order of the calls. */
  readonly number: number
  to: ServerAddress | undefined
}

export class SlotLane {
  readonly #parts: LaneParts
  #waiting: Entry[] = []
  #back: Entry[] = []
  #number = 0
  #underWay = 0
  #isHeld = false
  /** Something that came back is to be had in a moment only. */
  #isLater = false
  /** How often in a row what came back had to be sent again. */
  #turns = 0

  constructor(parts: LaneParts) {
    this.#parts = parts
  }

  push(command: RoutedCommand): void {
    this.#number += 1
    this.#waiting.push({ command, number: this.#number, to: undefined })
    this.#go()
  }

  #go(): void {
    if (this.#isHeld) return
    for (const entry of this.#waiting.splice(0)) {
      this.#underWay += 1
      const { to } = entry
      entry.to = undefined
      void this.#parts.transmit(entry.command, to).then((outcome) => this.#take(entry, outcome))
    }
  }

  #take(entry: Entry, outcome: Outcome): void {
    this.#underWay -= 1
    switch (outcome.kind) {
      case 'answer':
        this.#turns = 0
        entry.command.resolve(outcome.value)
        break
      case 'failed':
        entry.command.reject(outcome.reason)
        break
      case 'ask':
        this.#sendAgain({ ...entry, to: outcome.to })
        break
      case 'again':
        this.#isLater = true
        this.#sendAgain(entry)
        break
      case 'moved':
      case 'returned':
        this.#sendAgain(entry)
        break
    }
    if (this.#underWay > 0) return
    if (this.#isHeld) this.#resume()
    else if (this.#waiting.length === 0) this.#parts.onEmpty()
  }

  #sendAgain(entry: Entry): void {
    this.#isHeld = true
    this.#back.push(entry)
  }

  /** At once where it is known where to; servers that send to one another wait longer and longer. */
  #resume(): void {
    this.#turns += 1
    const doublings = Math.min(this.#turns - 1, 10)
    const waitMs = Math.min(limits.redisRetryMsMin * 2 ** doublings, limits.redisRetryMsMax)
    const isAtOnce = !this.#isLater && this.#turns <= 2
    this.#isLater = false
    setTimeout(
      () => {
        const back = this.#back.splice(0).toSorted((a, b) => a.number - b.number)
        this.#waiting = [...back, ...this.#waiting].filter((entry) => this.#isInTime(entry))
        this.#isHeld = false
        this.#go()
        if (this.#underWay === 0) this.#parts.onEmpty()
      },
      isAtOnce ? 0 : waitMs,
    )
  }

  #isInTime({ command }: Entry): boolean {
    const isInTime = performance.now() < command.deadlineMs
    if (!isInTime) command.reject(this.#parts.tooLate())
    return isInTime
  }
}
