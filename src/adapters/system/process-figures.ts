/** What the system knows of this process, for `/metrics`: memory, CPU, descriptors, event loop. */
import { readdir } from 'node:fs/promises'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Metrics } from '../../core/metrics/metrics.ts'

/** Sets the figures at each reading, until the returned function is called. */
export function watchProcess(metrics: Metrics): () => void {
  const loop = monitorEventLoopDelay({ resolution: loopTickMs })
  loop.enable()
  const stop = metrics.beforeReading(async () => {
    metrics.set('process_start_time_seconds', performance.timeOrigin / 1_000)
    const { user, system } = process.cpuUsage()
    metrics.set('process_cpu_seconds_total', (user + system) / 1e6)
    metrics.set('process_resident_memory_bytes', process.memoryUsage.rss())
    const files = await openFiles()
    if (files !== undefined) metrics.set('process_open_fds', files)
    metrics.set('farglass_event_loop_lag_p99_seconds', lagSeconds(loop.percentile(99)))
    metrics.set('farglass_event_loop_lag_max_seconds', lagSeconds(loop.max))
    loop.reset()
  })
  return () => {
    stop()
    loop.disable()
  }
}

/** Often enough for a p99 within one interval of scraping, and 50 wake-ups a second cost nothing. */
const loopTickMs = 20

/** Node measures from tick to tick: what is over the tick itself is the lag. */
function lagSeconds(tickNs: number): number {
  return Math.max(0, tickNs / 1e9 - loopTickMs / 1_000)
}

/** Undefined where there is no /proc. The directory itself is open while it is read. */
async function openFiles(): Promise<number | undefined> {
  try {
    return (await readdir('/proc/self/fd')).length - 1
  } catch {
    return undefined
  }
}
