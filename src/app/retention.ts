/** The retention of an engine, loaded when somebody asks for it; in a server with its worker. */
import type { Metrics } from '../core/metrics/metrics.ts'
import type { RetentionWorker } from '../core/retention/keep-retention.ts'
import type { Retention, RetentionParts } from '../core/retention/retention.ts'

export interface EngineRetention {
  readonly retention: Retention
  /** Begins to remove by itself, and tells what; the returned function ends that. */
  work(say: (text: string) => void): Promise<() => Promise<void>>
}

export function engineRetention(
  parts: RetentionParts & { readonly metrics: Metrics },
): EngineRetention {
  let worker: RetentionWorker | undefined
  let opened: Promise<Retention> | undefined
  const open = async (): Promise<Retention> => {
    const { createRetention } = await import('../core/retention/retention.ts')
    return createRetention(parts)
  }
  const loaded = (): Promise<Retention> => (opened ??= open())
  const retention: Retention = {
    policy: async () => (await loaded()).policy(),
    rules: async () => (await loaded()).rules(),
    isNeeded: async () => (await loaded()).isNeeded(),
    preview: async (policy) => (await loaded()).preview(policy),
    apply: async (signal) => (await loaded()).apply(signal),
    save: async (policy) => {
      await (await loaded()).save(policy)
      worker?.wake()
    },
  }
  return {
    retention,
    work: async (say) => {
      const { keepRetention } = await import('../core/retention/keep-retention.ts')
      const { records, clock, metrics } = parts
      worker = keepRetention({ retention, records, clock, metrics, random: Math.random, say })
      return worker.close
    },
  }
}
