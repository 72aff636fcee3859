/**
 * Firings as they come, of all nodes, for any number of readers: while somebody reads, the bell of the
 * store is heard, and each ring is one look at the store for all of them.
 */
import { type AppError, toAppError } from '../../shared/errors.ts'
import type { FiringsEvent, PlacedFiring } from '../../shared/protocol/alerts.ts'
import { Bell } from '../feed/bell.ts'
import type { FiringBell } from '../nodes/firing-bell.ts'
import type { RecordStore } from '../store/record-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import { firingLogType } from './alert-records.ts'
import { type FiringLog, firingsAfter, noFirings, withFiring } from './firing-log.ts'

export interface FiringFeedParts {
  readonly records: RecordStore
  readonly bell: FiringBell
}

export class FiringFeed {
  readonly #records: TypedRecords<FiringLog>
  readonly #heard: FiringBell
  /** Rings for readers here, when a look has brought something. */
  readonly #bell = new Bell()
  #log: FiringLog = noFirings
  #failure: AppError | undefined
  /** Looks that were asked for, and those of them that are done: two asked for at once are one. */
  #asked = 0
  #done = 0
  #isLooking = false
  #readers = 0
  #stop = new AbortController()

  constructor({ records, bell }: FiringFeedParts) {
    this.#records = new TypedRecords(records, firingLogType)
    this.#heard = bell
  }

  /** Adds it, once however often it is added. Resolves when stored. */
  async add(firing: Omit<PlacedFiring, 'pos'>): Promise<void> {
    await this.#records.change(logName, noFirings, (log) => withFiring(log, firing))
    // Also of one that was there: who added it may not have come to this.
    this.#heard.ring()
  }

  /**
   * First where the reader stands, at once, then what fires, until the signal aborts. Without a cursor
   * it begins now. Rejects as the store does.
   */
  async *follow(from: number | null, signal: AbortSignal): AsyncGenerator<FiringsEvent> {
    using _reading = this.#join()
    const wake = (): void => this.#bell.ring()
    signal.addEventListener('abort', wake, { once: true })
    try {
      const due = this.#look()
      let cursor: number | undefined
      while (!signal.aborted) {
        const { rings } = this.#bell
        if (this.#done >= due && this.#failure !== undefined) throw this.#failure
        if (this.#done < due || cursor === this.#log.next) {
          await this.#bell.after(rings)
          continue
        }
        const news = firingsAfter(this.#log, cursor ?? from)
        cursor = news.next
        yield { kind: 'firings', ...news }
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  #join(): Disposable {
    this.#readers += 1
    if (this.#readers === 1) {
      this.#stop = new AbortController()
      this.#heard.hear(() => this.#look(), this.#stop.signal)
    }
    return {
      [Symbol.dispose]: () => {
        this.#readers -= 1
        if (this.#readers === 0) this.#stop.abort()
      },
    }
  }

  /** Gives the number of the look: once so many are done, what was stored by now is known. */
  #look(): number {
    this.#asked += 1
    // It takes every fault itself.
    if (!this.#isLooking) void this.#lookOn()
    return this.#asked
  }

  async #lookOn(): Promise<void> {
    this.#isLooking = true
    while (this.#done < this.#asked) {
      const asked = this.#asked
      try {
        this.#log = (await this.#records.state(logName)).value ?? noFirings
        this.#failure = undefined
      } catch (thrown) {
        this.#failure = toAppError(thrown)
      }
      this.#done = asked
      this.#bell.ring()
    }
    this.#isLooking = false
  }
}

const logName = 'all'
