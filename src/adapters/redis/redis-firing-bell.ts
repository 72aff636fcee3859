/** The bell of alerts by Redis: PUBLISH on one channel, heard while somebody listens. */
import type { FiringBell } from '../../core/nodes/firing-bell.ts'
import type { RedisWatchParts } from './redis-run-watch.ts'

export function createRedisFiringBell({
  connection,
  subscriber,
  keys,
}: RedisWatchParts): FiringBell {
  return {
    hear(onRing, signal) {
      if (signal.aborted) return
      const leave = subscriber.listen(keys.firings, { onText: onRing, onMissed: onRing })
      signal.addEventListener('abort', leave, { once: true })
    },
    ring() {
      // Who does not hear it looks when its listening begins anew, or at the next ring.
      connection.send(['PUBLISH', keys.firings, '']).catch(() => {})
    },
  }
}
