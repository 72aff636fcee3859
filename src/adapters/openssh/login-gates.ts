/** How many logins are under way at each server: an sshd drops some when there are too many at once. */
import type { Destination } from '../../shared/destination.ts'

export interface LoginGatesParts {
  /** Logins under way at one server. */
  readonly places: number
  /** The servers that a login reaches: the host itself, and each host that it jumps over. */
  readonly ways: (destination: Destination) => Promise<readonly string[]>
}

/**
 * Several names may lead to one server, and only a question to ssh tells. It is not asked while there
 * are so few logins in all that no server can have too many: those count for every server.
 */
export class LoginGates {
  readonly #parts: LoginGatesParts
  /** Logins of which nobody has asked where they go. */
  #unknown = 0
  readonly #known = new Map<string, number>()
  #inside = 0
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>()
  #asked = new Map<string, Promise<readonly string[]>>()
  #asking = 0

  constructor(parts: LoginGatesParts) {
    this.#parts = parts
  }

  /** Resolves with the way out (safe to call twice) once there is a place; rejects with the signal's reason. */
  async enter(destination: Destination, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const isCrowded = this.#waiting.size + this.#asking > 0 || this.#inside >= this.#parts.places
    const ways = isCrowded ? await this.#ask(destination) : null
    signal.throwIfAborted()
    if (ways === null || this.#hasPlace(ways)) this.#admit(ways)
    else await this.#turn(ways, signal)
    let isInside = true
    return () => {
      if (isInside) this.#leave(ways)
      isInside = false
    }
  }

  async #ask(destination: Destination): Promise<readonly string[]> {
    const { user, name, port } = destination
    const key = JSON.stringify([user, name, port])
    const answer = this.#asked.get(key) ?? this.#parts.ways(destination)
    this.#asked.set(key, answer)
    this.#asking += 1
    try {
      return await answer
    } finally {
      this.#asking -= 1
    }
  }

  #hasPlace(ways: readonly string[]): boolean {
    const free = this.#parts.places - this.#unknown
    return ways.every((way) => (this.#known.get(way) ?? 0) < free)
  }

  #admit(ways: readonly string[] | null): void {
    this.#inside += 1
    if (ways === null) this.#unknown += 1
    else for (const way of ways) this.#known.set(way, (this.#known.get(way) ?? 0) + 1)
  }

  #turn(ways: readonly string[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        ways,
        admit: () => {
          signal.removeEventListener('abort', abort)
          resolve()
        },
      }
      const abort = () => {
        this.#waiting.delete(waiting)
        reject(signal.reason)
      }
      this.#waiting.add(waiting)
      signal.addEventListener('abort', abort, { once: true })
    })
  }

  /** The places go straight to those who wait, so that nobody can slip in between. */
  #leave(ways: readonly string[] | null): void {
    this.#inside -= 1
    if (ways === null) this.#unknown -= 1
    else for (const way of ways) this.#forget(way)
    for (const waiting of this.#waiting) {
      if (!this.#hasPlace(waiting.ways)) continue
      this.#waiting.delete(waiting)
      this.#admit(waiting.ways)
      waiting.admit()
    }
    // Whoever changes ssh_config is heard after the storm.
    if (this.#inside + this.#asking === 0) this.#asked = new Map()
  }

  #forget(way: string): void {
    const left = (this.#known.get(way) ?? 1) - 1
    if (left > 0) this.#known.set(way, left)
    else this.#known.delete(way)
  }
}

interface Waiting {
  readonly ways: readonly string[]
  readonly admit: () => void
}
