/** Port: time. The only source of time and timers in shared and core. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  now(): number
  /** Steady clock, milliseconds from an arbitrary start. Never goes back. */
  elapsed(): number
  /** Resolves after `ms`, or at once when the signal aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Runs `action` once after `ms`; the returned function takes the timer back. */
  after(ms: number, action: () => void): () => void
}
