/** What a run service is made of, and what its owner can ask of it beside `RunService`. */
import type { RunId } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Nodes } from '../nodes/nodes.ts'
import type { RunWatch } from '../nodes/run-watch.ts'
import type { RunWords } from '../nodes/run-words.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import type { KeptSecrets } from '../secrets/kept-secrets.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import type { OwnRuns } from './own-runs.ts'
import type { RunService } from './run-service.ts'

export interface RunServiceParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  readonly hosts: RemoteHosts
  /** What targets are looked up in; without it every host is a name. */
  readonly inventory?: HostInventory
  readonly clock: Clock
  readonly metrics: Metrics
  readonly newRunId: () => RunId
  /** Unguessable `[a-z0-9]`, for out-of-band marks. */
  readonly newNonce: () => string
  /** From 0 to 1, to spread what would happen at once. */
  readonly random: () => number
  /** This process among those that share the store. */
  readonly nodes: Nodes
  /** Hears of what they change. */
  readonly watch: RunWatch
  /** What they say of those who read; without it there are no others. */
  readonly words?: RunWords
  /** Is told which runs are carried here. */
  readonly own?: OwnRuns
  /** Tells the log of the process of faults of Farglass itself. */
  readonly say: (text: string) => void
  /** Keeps the secrets of runs that are under way; without it no run can have any. */
  readonly kept?: KeptSecrets
}

export interface LocalRunService extends RunService {
  /**
   * Takes over runs whose process is gone. With `all`, what still goes on on its host is followed
   * again; with `none` only when somebody follows or stops it. What died with its process is `lost`,
   * and says so. Resolves when that is under way.
   */
  recover(which: 'all' | 'none'): Promise<void>
  /** What is before this position of the run is kept no longer: who reads it here is told. */
  beginsAt(id: RunId, first: number): void
  /**
   * Stops what cannot be read on later and lets go of the rest. Resolves when that is stored, after
   * `shutdownMs` at the latest.
   */
  close(): Promise<void>
}
