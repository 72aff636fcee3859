/** One process of Farglass: the real service on a simulated disk, network and clock. It can crash and freeze. */

import { createMetrics } from '../../src/core/metrics/metrics.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import { createPollingRunWatch } from '../../src/core/nodes/polling-run-watch.ts'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { createRunService } from '../../src/core/runs/create-run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import type { RunId } from '../../src/shared/run.ts'
import type { PlantedBug } from './planted-bugs.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import type { SimulatedHost } from './simulated-host.ts'
import { SimulatedProcess, type SimulatedTime } from './simulated-time.ts'
import type { Watch } from './watch.ts'

export interface ServerParts {
  readonly time: SimulatedTime
  readonly disk: SimulatedDisk
  readonly hosts: ReadonlyMap<string, SimulatedHost>
  readonly watch: Watch
  readonly bug: PlantedBug
  readonly isAlive: (owner: string) => boolean
  readonly newName: (letter: string, length: number) => string
}

export class SimulatedServer {
  readonly process: SimulatedProcess
  readonly service: LocalRunService
  /** Connections of viewers, lost when the process is. */
  readonly viewers: Set<{ lose(): void }> = new Set()
  readonly #parts: ServerParts
  /** Runs that were being followed again are under way. */
  isReady = false

  constructor(name: string, parts: ServerParts) {
    const { time, disk, watch, bug, isAlive, newName } = parts
    this.#parts = parts
    this.process = new SimulatedProcess(name, time)
    if (time.chance(0.2)) this.process.wallSkewMs = time.between(-3_600_000, 36_000_000)
    const ports = disk.open(this.process)
    const spoilt = bug.ports?.(ports, { disk, random: time.random }) ?? ports
    this.service = createRunService({
      log: watch.acknowledging(spoilt.log, disk.durable.log),
      catalog: spoilt.catalog,
      hosts: this.#hosts(),
      clock: this.process.clock,
      metrics: createMetrics(),
      newRunId: (): RunId => newName('r', 26),
      newNonce: () => newName('n', 11),
      random: () => time.random.next(),
      nodes: { ...createMemoryNodes().join(name), isAlive: async (owner) => isAlive(owner) },
      say: (fault) => watch.fail(fault),
      watch: createPollingRunWatch(this.process.clock),
    })
  }

  /** Follows again what still goes on. A store that refuses that ends the process, as it does for real. */
  async start(): Promise<void> {
    try {
      await this.service.recover('all')
      this.isReady = true
    } catch {
      await this.crash()
    }
  }

  /** SIGKILL: nothing more happens in it, and everybody at the other ends sees that. */
  async crash(): Promise<void> {
    this.process.kill()
    this.#letGo()
    await this.#parts.disk.crash(this.process)
  }

  /** SIGTERM, and the end of the process when that is done. */
  async shutDown(): Promise<void> {
    this.#loseViewers()
    await this.service.close()
    await this.crash()
  }

  /** Stopped for a while, taken for dead by others, and then it goes on as if nothing had been. */
  freeze(ms: number): void {
    this.process.freeze()
    this.#loseViewers()
    this.#parts.time.after(ms, () => this.process.thaw())
  }

  #loseViewers(): void {
    for (const viewer of Array.from(this.viewers)) viewer.lose()
  }

  #letGo(): void {
    this.#loseViewers()
    for (const host of this.#parts.hosts.values()) host.cut(1, this.process)
  }

  #hosts(): RemoteHosts {
    const { hosts, bug, watch, time } = this.#parts
    return {
      connect: async ({ destination }, signal) => {
        const host = hosts.get(destination.name)
        if (host === undefined) throw new Error(`There is no host ${destination.name}.`)
        const connected = await host.connect(this.process, signal)
        return bug.host?.(connected, { watch, random: time.random }) ?? connected
      },
      [Symbol.asyncDispose]: async () => undefined,
    }
  }
}
