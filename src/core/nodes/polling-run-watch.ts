/** Watches runs of a store that rings no bell between processes: whoever watches looks again and again. */
import { limits } from '../../shared/limits.ts'
import type { Clock } from '../clock.ts'
import type { RunWatch } from './run-watch.ts'

export function createPollingRunWatch(clock: Clock): RunWatch {
  return {
    watch(_, onNews, signal) {
      const poll = async () => {
        while (!signal.aborted) {
          await clock.sleep(limits.foreignRunPollMs, signal)
          if (!signal.aborted) onNews({ kind: 'state' })
        }
      }
      void poll()
    },
    // Nobody hears it: unfinished lines are seen where they are read.
    tell() {},
  }
}
