/** Holds the writers of a run back while far too much of it waits in the hot log to be moved into the archive. */
import type { AppError } from '../../shared/errors.ts'
import type { RunId } from '../../shared/run.ts'
import { Bell } from '../feed/bell.ts'

export class HotBrake {
  readonly #runs = new Map<RunId, Load>()
  readonly #bell = new Bell()
  /** For a run that was not measured yet. */
  #heldFrom = Number.POSITIVE_INFINITY
  #trouble: AppError | null = null

  /**
   * Reads what a run takes, and gives it; from `heldFrom` on its writers are held. What is added
   * meanwhile may be in it or not, and is counted once more: the bound holds in both cases.
   */
  async measure(run: RunId, heldFrom: number, read: () => Promise<number>): Promise<number> {
    const before = this.#runs.get(run)?.added ?? 0
    const bytes = await read()
    const added = (this.#runs.get(run)?.added ?? 0) - before
    this.#trouble = null
    this.#runs.set(run, { added, heldAt: heldFrom - bytes, isPassedOver: false })
    this.#bell.ring()
    return bytes
  }

  added(run: RunId, bytes: number): void {
    const load = this.#runs.get(run) ?? unmeasured
    this.#runs.set(run, { ...load, added: load.added + bytes })
  }

  /** Nothing is moved for now: who waits hears why, instead of waiting in silence. */
  failed(reason: AppError): void {
    this.#trouble = reason
    this.#bell.ring()
  }

  /**
   * Only these are measured from now on, and others are forgotten. One that has come since the list was
   * made will be in the next: until it is measured it is held from `heldFrom` on.
   */
  keepOnly(runs: ReadonlySet<RunId>, heldFrom: number): void {
    this.#heldFrom = heldFrom
    for (const [run, load] of this.#runs) {
      if (runs.has(run)) continue
      if (load.heldAt !== null || load.isPassedOver) this.#runs.delete(run)
      else this.#runs.set(run, { ...load, isPassedOver: true })
    }
    this.#bell.ring()
  }

  /** Nobody is held any more. */
  letGo(): void {
    this.#heldFrom = Number.POSITIVE_INFINITY
    this.#runs.clear()
    this.#bell.ring()
  }

  holds(run: RunId): boolean {
    const { added, heldAt } = this.#runs.get(run) ?? unmeasured
    return added >= (heldAt ?? this.#heldFrom)
  }

  /** Resolves when the run is not held. Rejects with the reason when nothing is moved. */
  async released(run: RunId): Promise<void> {
    for (;;) {
      const { rings } = this.#bell
      if (!this.holds(run)) return
      if (this.#trouble !== null) throw this.#trouble
      await this.#bell.after(rings)
    }
  }
}

interface Load {
  /** Bytes that came since the run was measured. */
  readonly added: number
  /** So many of them are too many; null while it was not measured. */
  readonly heldAt: number | null
  /** It was not in the last list. */
  readonly isPassedOver: boolean
}

const unmeasured: Load = { added: 0, heldAt: null, isPassedOver: false }
