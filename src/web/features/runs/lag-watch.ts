/** Tells when a reader lags behind what is written: its newest line is old, and more keep coming. */

export interface LagWatch {
  /** Takes the time of the newest line and now; true when the reader is to go to the end. */
  take(lineMs: number, nowMs: number): boolean
}

const lagMsMax = 2_000
/** A reader that cannot keep up is moved to the end no more often than this. */
const betweenMs = 5_000

/** Clocks of server and browser differ: the least delay seen counts as none. */
export function createLagWatch(): LagWatch {
  let least = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  return {
    take(lineMs, nowMs) {
      const delay = nowMs - lineMs
      least = Math.min(least, delay)
      const isLate = delay - least > lagMsMax && nowMs - lastMs >= betweenMs
      if (isLate) {
        lastMs = nowMs
        // At the end the delay is learnt anew: the server's clock may have been set back.
        least = Number.POSITIVE_INFINITY
      }
      return isLate
    },
  }
}
