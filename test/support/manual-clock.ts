/** A clock for tests: time moves only when told to. */
import type { Clock } from '../../src/core/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time and runs what falls due, in order. */
  advance(ms: number): void
}

export function manualClock(): ManualClock {
  let time = 0
  let timers: { readonly due: number; readonly action: () => void }[] = []
  const after = (ms: number, action: () => void) => {
    const timer = { due: time + ms, action }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  }
  return {
    now: () => time,
    elapsed: () => time,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const cancel = after(ms, resolve)
        signal?.addEventListener('abort', () => {
          cancel()
          resolve()
        })
      }),
    advance: (ms) => {
      time += ms
      const due = timers.filter((timer) => timer.due <= time).sort((a, b) => a.due - b.due)
      timers = timers.filter((timer) => timer.due > time)
      for (const timer of due) timer.action()
    },
  }
}
