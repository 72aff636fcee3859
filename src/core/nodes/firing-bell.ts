/** Port: hears that an alert has fired, at this node or another one. Carries no data: who hears it looks into the store. */
export interface FiringBell {
  /** Until the signal aborts, calls `onRing` soon after any node has rung, and whenever it may have missed that. */
  hear(onRing: () => void, signal: AbortSignal): void

  /** Never rejects. The ringer hears it too. */
  ring(): void
}

/** The reference, and the bell of a store that no other node shares. */
export function createMemoryFiringBell(): FiringBell {
  const hearing = new Set<() => void>()
  return {
    hear(onRing, signal) {
      if (signal.aborted) return
      // A function of its own: the same one may hear twice.
      const hear = (): void => onRing()
      hearing.add(hear)
      signal.addEventListener('abort', () => hearing.delete(hear), { once: true })
    },
    ring() {
      // Never within the call: no other process would hear it there either.
      void Promise.resolve().then(() => {
        for (const hear of hearing) hear()
      })
    },
  }
}
