/** Several run services on one store, as nodes that know each other; a test lets any of them leave or be thought dead. */
import { systemClock } from '../../src/adapters/system/clock.ts'
import { newRunId, randomName } from '../../src/adapters/system/ids.ts'
import { createMetrics, type Metrics } from '../../src/core/metrics/metrics.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createMemoryRunWords } from '../../src/core/nodes/run-words.ts'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { createRunService } from '../../src/core/runs/create-run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { failOnFault } from './fail-on-fault.ts'

export interface MemoryCluster extends AsyncDisposable {
  readonly store: MemoryStore
  /** A node that looks for runs of dead ones. */
  start(name: string): Promise<LocalRunService>
  /** What the node of that name counts. */
  metricsOf(name: string): Metrics
  /** The others take it for dead, while it goes on: a process that was paused, or lost its lease. */
  losesItsLease(name: string): void
  /** It ends as on SIGTERM. */
  leaves(name: string): Promise<void>
}

export function memoryCluster(hosts: RemoteHosts): MemoryCluster {
  const store = createMemoryStore()
  const nodes = createMemoryNodes()
  const words = createMemoryRunWords()
  const services = new Map<string, LocalRunService>()
  const counted = new Map<string, Metrics>()
  const metricsOf = (name: string) => {
    const metrics = counted.get(name) ?? createMetrics()
    counted.set(name, metrics)
    return metrics
  }
  const leaves = async (name: string) => {
    await services.get(name)?.close()
    services.delete(name)
    nodes.kill(name)
  }
  return {
    store,
    metricsOf,
    async start(name) {
      const service = createRunService({
        log: store.log,
        catalog: store.catalog,
        hosts,
        clock: systemClock,
        metrics: metricsOf(name),
        newRunId,
        newNonce: () => randomName(24),
        random: Math.random,
        nodes: nodes.join(name),
        say: failOnFault,
        watch: store.watch,
        words,
      })
      services.set(name, service)
      await service.recover('all')
      return service
    },
    losesItsLease: (name) => nodes.kill(name),
    leaves,
    async [Symbol.asyncDispose]() {
      for (const name of services.keys()) await leaves(name)
      await hosts[Symbol.asyncDispose]()
    },
  }
}
