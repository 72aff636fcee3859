/** Holds the writers of a run back while far too much of it waits in the hot log to be moved into the archive. */
import type { AppError } from '../../shared/errors.ts'
import type { RunId } from '../../shared/run.ts'
import { Bell } from '../feed/bell.ts'

export class HotBrake {
  readonly #runs = new Map<RunId, Load>()
  readonly #bell = new Bell()
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
    this.#runs.set(run, { added, heldAt: heldFrom - bytes })
    this.#bell.ring()
    return bytes
  }

  added(run: RunId, bytes: number): void {
    const { added, heldAt } = this.#runs.get(run) ?? unmeasured
    this.#runs.set(run, { added: added + bytes, heldAt })
  }

  /** Nothing is moved for now: who waits hears why, instead of waiting in silence. */
  failed(reason: AppError): void {
    this.#trouble = reason
    this.#bell.ring()
  }

  /** Only these are measured from now on; without an argument none, and nobody is held. */
  keepOnly(runs: ReadonlySet<RunId> = new Set()): void {
    for (const run of this.#runs.keys()) if (!runs.has(run)) this.#runs.delete(run)
    this.#bell.ring()
  }

  holds(run: RunId): boolean {
    const { added, heldAt } = this.#runs.get(run) ?? unmeasured
    return added >= heldAt
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
  /** So many of them are too many. */
  readonly heldAt: number
}

const unmeasured: Load = { added: 0, heldAt: Number.POSITIVE_INFINITY }
