/** The run service of this process, on hosts and a store that the test gives. */
import { systemClock } from '../../src/adapters/system/clock.ts'
import { newRunId, randomName } from '../../src/adapters/system/ids.ts'
import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createPollingRunWatch } from '../../src/core/nodes/polling-run-watch.ts'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { createRunService } from '../../src/core/runs/create-run-service.ts'
import type { FeedItem } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import type { KeptSecrets } from '../../src/core/secrets/kept-secrets.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { textsOf } from '../../src/shared/line-group.ts'
import type { RunRequest } from '../../src/shared/protocol/requests.ts'
import { failOnFault } from './fail-on-fault.ts'

export interface OtherParts {
  /** Other services on the same store live; else they count as gone. */
  readonly othersLive?: boolean
  readonly kept?: KeptSecrets
  /** Takes faults of Farglass, which else fail the test. */
  readonly say?: (text: string) => void
}

/** A service that owns its runs. */
export function startRunService(
  hosts: RemoteHosts,
  store: Pick<MemoryStore, 'log' | 'catalog'>,
  { othersLive = false, say = failOnFault, ...kept }: OtherParts = {},
): LocalRunService & AsyncDisposable {
  const service = createRunService({
    log: store.log,
    catalog: store.catalog,
    hosts,
    clock: systemClock,
    metrics: createMetrics(),
    newRunId,
    newNonce: () => randomName(24),
    random: Math.random,
    nodes: { ...createMemoryNodes().join(randomName(8)), isAlive: async () => othersLive },
    say,
    watch: createPollingRunWatch(systemClock),
    ...kept,
  })
  return Object.assign(service, { [Symbol.asyncDispose]: () => service.close() })
}

/** What `start` takes: one plain command, on one host unless the request says more. */
export function command(text: string, more: Partial<RunRequest> = {}): { request: RunRequest } {
  const source = { kind: 'command', command: text } as const
  return { request: { target: 'web-1', source, mode: 'plain', ...more } }
}

/** Lines of a feed item with their channel. */
export function linesOf(item: FeedItem): [channel: string, text: string][] {
  if (item.kind !== 'frame') return []
  return item.groups.flatMap((group) =>
    textsOf(group).map((text): [string, string] => [group.channel, text]),
  )
}

export interface SlowStore {
  readonly store: MemoryStore
  /** Appends that wait for the disk. */
  waiting(): number
  /** Lets those through that wait now. */
  release(): Promise<void>
  /** Lets everything through from now on. */
  open(): void
}

/** The reference store on a disk that takes nothing until the test lets it. */
export function slowStore(): SlowStore {
  const inner = createMemoryStore()
  const gates: (() => void)[] = []
  let isOpen = false
  const log: MemoryStore['log'] = {
    async append(batch) {
      if (!isOpen) await new Promise<void>((resolve) => gates.push(resolve))
      return inner.log.append(batch)
    },
    read: (...args) => inner.log.read(...args),
    bounds: (run) => inner.log.bounds(run),
    drop: (run) => inner.log.drop(run),
    hotBounds: (run) => inner.log.hotBounds(run),
    hotBytes: (run) => inner.log.hotBytes(run),
    trim: (run, trim) => inner.log.trim(run, trim),
    [Symbol.asyncDispose]: () => inner.log[Symbol.asyncDispose](),
  }
  const release = async () => {
    for (const pass of gates.splice(0)) pass()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    store: { ...inner, log },
    waiting: () => gates.length,
    release,
    open() {
      isOpen = true
      for (const pass of gates.splice(0)) pass()
    },
  }
}
