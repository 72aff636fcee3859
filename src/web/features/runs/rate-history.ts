/** How many lines each task has written in the last minute, by intervals: what a small curve is drawn from. */

export interface RateHistory {
  add(task: number, lines: number, now: number): void
  /** Lines by whole interval, the newest last; empty for a task that has written nothing for so long. */
  of(task: number, now: number): readonly number[]
}

export const intervalMs = 2_000
export const intervals = 30

export function createRateHistory(): RateHistory {
  /** Counts by the number of their interval. */
  const tasks = new Map<number, Map<number, number>>()
  return {
    add(task, lines, now) {
      const at = Math.floor(now / intervalMs)
      const counts = tasks.get(task) ?? new Map<number, number>()
      counts.set(at, (counts.get(at) ?? 0) + lines)
      for (const old of counts.keys()) if (old < at - intervals) counts.delete(old)
      tasks.set(task, counts)
    },
    of(task, now) {
      // The one that is not over would always look like a sudden silence.
      const newest = Math.floor(now / intervalMs) - 1
      const counts = tasks.get(task)
      const all = Array.from(
        { length: intervals },
        (_, at) => counts?.get(newest - intervals + 1 + at) ?? 0,
      )
      return all.some((count) => count > 0) ? all : []
    },
  }
}
