/**
 * Alerts, schedules and triggers of an engine: what people do with them, loaded when somebody does, and
 * under `serve` what they do by themselves.
 */
import { createMatchThreads } from '../adapters/match-threads/match-threads.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { AlertEngine } from '../core/alerts/alert-engine.ts'
import type { Alerts, AlertsParts } from '../core/alerts/alerts.ts'
import type { HostInventory } from '../core/inventory/inventory.ts'
import type { Metrics } from '../core/metrics/metrics.ts'
import type { Nodes } from '../core/nodes/nodes.ts'
import type { OwnRuns } from '../core/runs/own-runs.ts'
import type { RunService } from '../core/runs/run-service.ts'
import type { SecretBox } from '../core/secrets/secret-box.ts'
import type { RecordStore } from '../core/store/record-store.ts'
import type { Automation } from '../http/parts.ts'
import { createCleanUp } from './clean-up.ts'
import { readVersion } from './version.ts'

export interface AutomationParts {
  readonly records: RecordStore
  readonly secrets: SecretBox
  readonly metrics: Metrics
  readonly nodes: Pick<Nodes, 'own' | 'isAlive'>
  readonly inventory: HostInventory
  /** Networks of this machine that webhooks may reach all the same. */
  readonly webhookAllow: readonly string[]
  /** Address under which people open the page. */
  readonly base: () => string
}

export interface LocalAutomation extends Automation {
  /** To be told of the runs that are carried here. */
  readonly own: OwnRuns
  /** From now on they act by themselves; gives the end of it. */
  start(runs: RunService): Promise<() => Promise<void>>
}

export function createAutomation(parts: AutomationParts): LocalAutomation {
  let engine: AlertEngine | undefined
  let opened: Promise<Alerts> | undefined
  const alerts = (): Promise<Alerts> =>
    (opened ??= openAlerts(parts, async () => engine?.changed()))
  return {
    alerts: lazyAlerts(alerts),
    own: {
      began: (run) => engine?.began(run),
      ended: (run) => engine?.ended(run),
      taken: (id) => engine?.taken(id),
    },
    start: async (runs) => {
      const cleanUp = createCleanUp()
      const stop = new AbortController()
      const { createAlertEngine } = await import('../core/alerts/alert-engine.ts')
      const matchers = createMatchThreads()
      cleanUp.add(async () => matchers[Symbol.asyncDispose]())
      const { nodes, inventory } = parts
      engine = createAlertEngine({ ...(await alertParts(parts)), runs, matchers, nodes, inventory })
      const running = engine.run(stop.signal)
      cleanUp.add(async () => {
        stop.abort()
        await running
      })
      return () => cleanUp.run()
    },
  }
}

async function openAlerts(parts: AutomationParts, changed: () => Promise<void>): Promise<Alerts> {
  const { createAlerts } = await import('../core/alerts/alerts.ts')
  return createAlerts({ ...(await alertParts(parts)), changed })
}

async function alertParts(parts: AutomationParts): Promise<Omit<AlertsParts, 'changed'>> {
  const [{ AlertBook }, { createHttpWebhooks }] = await Promise.all([
    import('../core/alerts/alert-book.ts'),
    import('../adapters/webhook/http-webhooks.ts'),
  ])
  const { records, secrets, metrics, base, webhookAllow } = parts
  const clock = systemClock
  return {
    book: new AlertBook({ records, box: secrets, clock }),
    sender: createHttpWebhooks({ allowed: webhookAllow, clock, version: readVersion() }),
    clock,
    metrics,
    base,
    random: Math.random,
  }
}

function lazyAlerts(open: () => Promise<Alerts>): Alerts {
  return {
    list: async () => (await open()).list(),
    get: async (name) => (await open()).get(name),
    put: async (name, request, version) => (await open()).put(name, request, version),
    remove: async (name) => (await open()).remove(name),
    test: async (name, signal) => (await open()).test(name, signal),
    preview: async (name, request) => (await open()).preview(name, request),
  }
}
