/** The figures of a run that this page counts itself: lines, rate, unread, and the check of positions. */
import { noteKind } from '../../../shared/note.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { Run } from '../../../shared/run.ts'
import { createRateHistory } from './rate-history.ts'

export interface Counters {
  /** `expected` is the position that should come next. */
  take(lines: readonly WireLine[], at: CountedAt): void
  /** The run as the server counts it; `tail` is the next position that this page wants. */
  takeRun(run: Run, tail: number): void
  clearUnread(): void
  figures(now: number): Figures
}

export interface Figures {
  readonly lines: number
  /** Notes of bytes that could not be had. */
  readonly gaps: number
  readonly linesPerSecond: number
  /** The same for each task that has written lately. */
  readonly taskRates: ReadonlyMap<number, number>
  /** Lines of a task in each interval of the last minute, see `RateHistory`. */
  readonly historyOf: (task: number) => readonly number[]
  /** Lines and `err` lines since the reader paused. */
  readonly unread: number
  readonly unreadErrors: number
  /** From this page's own check of positions. */
  readonly missing: number
  readonly repeated: number
  readonly now: number
  /** When the last line came, by this page's clock. */
  readonly lastLineAt: number
}

export interface CountedAt {
  readonly expected: number
  readonly isFollowing: boolean
  readonly now: number
}

/** Lines per second are the mean over this long. */
const windowMs = 3_000

/** One decimal below ten, so that a host with a line every two seconds is not one that is silent. */
function readable(rate: number): number {
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate)
}

interface Arrival {
  readonly at: number
  /** Lines by task. */
  readonly tasks: ReadonlyMap<number, number>
}

export function createCounters(): Counters {
  /** The server's count at `baseNext`; lines from there on are counted here. */
  let base = 0
  let baseNext = 0
  let extra = 0
  let gaps = 0
  let unread = 0
  let unreadErrors = 0
  let missing = 0
  let repeated = 0
  let lastLineAt = 0
  const rates = createRates()

  return {
    take(lines, { expected, isFollowing, now }) {
      let next = expected
      let fresh = 0
      const tasks = new Map<number, number>()
      for (const line of lines) {
        if (line.pos < next) {
          repeated++
          continue
        }
        missing += line.pos - next
        next = line.pos + 1
        if (line.channel === 'note') {
          if (line.pos >= baseNext && noteKind(line.text) === 'gap') gaps++
          continue
        }
        fresh++
        tasks.set(line.task, (tasks.get(line.task) ?? 0) + 1)
        if (line.pos >= baseNext) extra++
        if (!isFollowing && line.channel === 'err') unreadErrors++
      }
      if (isFollowing) unread = unreadErrors = 0
      else unread += fresh
      if (fresh === 0) return
      lastLineAt = now
      rates.add({ at: now, tasks })
    },
    takeRun(run, tail) {
      // A count from before what is already here would count those lines away.
      if (run.next < tail) return
      base = run.lines
      baseNext = run.next
      extra = 0
      gaps = run.gaps
    },
    clearUnread() {
      unread = unreadErrors = 0
    },
    figures(now) {
      return {
        lines: base + extra,
        gaps,
        ...rates.figures(now),
        unread,
        unreadErrors,
        missing,
        repeated,
        now,
        lastLineAt,
      }
    },
  }
}

/** Lines per second of the last moments. */
function createRates() {
  let arrivals: Arrival[] = []
  const history = createRateHistory()
  return {
    add(arrival: Arrival): void {
      arrivals.push(arrival)
      for (const [task, lines] of arrival.tasks) history.add(task, lines, arrival.at)
    },
    figures(now: number): Pick<Figures, 'linesPerSecond' | 'taskRates' | 'historyOf'> {
      arrivals = arrivals.filter(({ at }) => now - at < windowMs)
      const recent = new Map<number, number>()
      for (const { tasks } of arrivals) {
        for (const [task, lines] of tasks) recent.set(task, (recent.get(task) ?? 0) + lines)
      }
      const perSecond = (lines: number): number => (lines * 1_000) / windowMs
      const all = [...recent.values()].reduce((sum, lines) => sum + lines, 0)
      return {
        linesPerSecond: Math.round(perSecond(all)),
        historyOf: (task) => history.of(task, now),
        taskRates: new Map([...recent].map(([task, lines]) => [task, readable(perSecond(lines))])),
      }
    },
  }
}
