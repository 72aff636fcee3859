/** Tells the log of the process what does not work: once, and once when it works again, however often it is tried. */
import { toAppError } from '../shared/errors.ts'
import { logText } from './log-text.ts'

export interface TroublesParts {
  /** A line for the log of the process. */
  readonly say: (text: string) => void
  /** Counts each failure. */
  readonly count: () => void
}

export class Troubles {
  readonly #parts: TroublesParts
  /** Why, by what does not work. */
  readonly #told = new Map<string, string>()

  constructor(parts: TroublesParts) {
    this.#parts = parts
  }

  /** `what` begins a sentence. */
  failed(what: string, thrown: unknown): void {
    this.#parts.count()
    const why = logText(toAppError(thrown))
    if (this.#told.get(what) === why) return
    this.#told.set(what, why)
    this.#parts.say(`${what} cannot go on, and is tried again: ${why}`)
  }

  works(what: string): void {
    if (this.#told.delete(what)) this.#parts.say(`${what} can go on again.`)
  }

  /** There is nothing of it left to do. */
  forget(what: string): void {
    this.#told.delete(what)
  }
}
