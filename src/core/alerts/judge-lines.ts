/** Looks for the lines of one rule in frames of a run: off the main thread, and never for long. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Clock } from '../clock.ts'
import type { Frame } from '../runs/run-service.ts'
import type { LineRules } from '../search/match-lines.ts'
import type { Matchers } from '../search/matchers.ts'
import { linkedAbort } from './linked-abort.ts'

/** A line that matches. */
export interface Match {
  readonly pos: number
  readonly time: number
}

export interface LineJudge {
  /** Matching lines of the frame in order; null: it took too long, and its lines are passed over. */
  look(frame: Frame, signal: AbortSignal): Promise<readonly Match[] | null>
}

/** A pattern that was too slow is left alone for a while, so that it cannot hold a thread for ever. */
export function createLineJudge(rules: LineRules, { matchers, clock }: JudgeParts): LineJudge {
  let restsUntil = -Infinity
  return {
    look: async (frame, signal) => {
      if (clock.elapsed() < restsUntil) return null
      using stop = linkedAbort(signal)
      let isLate = false
      let cancel = (): void => {}
      try {
        await using matcher = await matchers.open({ rules, axis: null }, stop.signal)
        // Not before: starting a thread takes long on a busy machine.
        cancel = clock.after(automationLimits.alertMatchMs, () => {
          isLate = true
          stop.abort()
        })
        // The matcher keeps what it is given; a frame is shared by all who read the run.
        const groups = frame.groups.map((group) => ({ ...group, bytes: group.bytes.slice() }))
        const found = await matcher.take(groups, { skip: 0, limit: Infinity })
        return found.groups.flatMap(matchesOf)
      } catch (thrown) {
        if (signal.aborted || !isLate) throw thrown
        restsUntil = clock.elapsed() + automationLimits.alertRestMs
        return null
      } finally {
        cancel()
      }
    },
  }
}

export interface JudgeParts {
  readonly matchers: Matchers
  readonly clock: Clock
}

function matchesOf({ pos, count, time }: PlacedGroup): Match[] {
  return Array.from({ length: count }, (_, at) => ({ pos: pos + at, time }))
}
