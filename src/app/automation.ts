/**
 * Alerts, schedules and triggers of an engine: what people do with them, loaded when somebody does, and
 * under `serve` what they do by themselves.
 */
import { createMatchThreads } from '../adapters/match-threads/match-threads.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { randomName } from '../adapters/system/ids.ts'
import type { AlertEngine } from '../core/alerts/alert-engine.ts'
import type { Alerts } from '../core/alerts/alerts.ts'
import type { DeliveryParts } from '../core/alerts/deliveries.ts'
import type { FiringFeed } from '../core/alerts/firing-feed.ts'
import type { HostInventory } from '../core/inventory/inventory.ts'
import type { Metrics } from '../core/metrics/metrics.ts'
import type { FiringBell } from '../core/nodes/firing-bell.ts'
import type { Nodes } from '../core/nodes/nodes.ts'
import type { OwnRuns } from '../core/runs/own-runs.ts'
import type { RunService, StartRun } from '../core/runs/run-service.ts'
import type { SavedCommands } from '../core/saved-commands/saved-commands.ts'
import type { Schedules } from '../core/schedules/schedules.ts'
import type { SecretBox } from '../core/secrets/secret-box.ts'
import type { RecordStore } from '../core/store/record-store.ts'
import type { Triggers } from '../core/triggers/triggers.ts'
import type { Automation } from '../http/parts.ts'
import { createCleanUp } from './clean-up.ts'
import { readVersion } from './version.ts'

export interface AutomationParts {
  readonly records: RecordStore
  readonly bell: FiringBell
  readonly secrets: SecretBox
  readonly metrics: Metrics
  readonly nodes: Pick<Nodes, 'own' | 'isAlive'>
  readonly inventory: HostInventory
  readonly commands: SavedCommands
  /** Asked for when it is there: it is told of runs before that. */
  readonly runs: () => RunService
  /** Networks of this machine that webhooks may reach all the same. */
  readonly webhookAllow: readonly string[]
  /** Address under which people open the page. */
  readonly base: () => string
  /** Tells the log of the process what cannot be done by itself. */
  readonly say: (text: string) => void
}

export interface LocalAutomation extends Automation {
  /** To be told of the runs that are carried here. */
  readonly own: OwnRuns
  /** From now on they act by themselves; gives the end of it. */
  start(): Promise<() => Promise<void>>
}

export function createAutomation(parts: AutomationParts): LocalAutomation {
  let engine: AlertEngine | undefined
  const feed = once(() => openFeed(parts))
  const alerts = once(() => openAlerts(parts, feed, async () => engine?.changed()))
  const schedules = once(() => openSchedules(parts))
  const triggers = once(() => openTriggers(parts))
  return {
    alerts: {
      list: async () => (await alerts()).list(),
      get: async (name) => (await alerts()).get(name),
      put: async (name, request, version) => (await alerts()).put(name, request, version),
      remove: async (name) => (await alerts()).remove(name),
      test: async (name, signal) => (await alerts()).test(name, signal),
      firings: async function* (from, signal) {
        yield* (await alerts()).firings(from, signal)
      },
      preview: async (name, request) => (await alerts()).preview(name, request),
    },
    schedules: {
      list: async () => (await schedules()).list(),
      get: async (name) => (await schedules()).get(name),
      put: async (name, request, version) => (await schedules()).put(name, request, version),
      remove: async (name) => (await schedules()).remove(name),
      preview: async (request) => (await schedules()).preview(request),
    },
    triggers: {
      list: async () => (await triggers()).list(),
      get: async (name) => (await triggers()).get(name),
      put: async (name, request, version) => (await triggers()).put(name, request, version),
      remove: async (name) => (await triggers()).remove(name),
      test: async (name, payload) => (await triggers()).test(name, payload),
      lock: async (name) => (await triggers()).lock(name),
      start: async (name, ask) => (await triggers()).start(name, ask),
    },
    own: {
      began: (run) => engine?.began(run),
      ended: (run) => engine?.ended(run),
      taken: (id) => engine?.taken(id),
    },
    start: async () => {
      const cleanUp = createCleanUp()
      const stop = new AbortController()
      const [{ createAlertEngine }, { runSchedules }] = await Promise.all([
        import('../core/alerts/alert-engine.ts'),
        import('../core/schedules/scheduler.ts'),
      ])
      const matchers = createMatchThreads()
      cleanUp.add(async () => matchers[Symbol.asyncDispose]())
      const runs = parts.runs()
      const firing = { ...(await alertParts(parts)), feed: await feed() }
      engine = createAlertEngine({ ...parts, ...firing, runs, matchers })
      const scheduling = { ...parts, ...(await scheduleParts(parts)), runs }
      const running = [engine.run(stop.signal), runSchedules(scheduling, stop.signal)]
      cleanUp.add(async () => {
        stop.abort()
        await Promise.all(running)
      })
      return () => cleanUp.run()
    },
  }
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => (opened ??= open())
}

/** One for all readers of this process, and for what fires here. */
async function openFeed(parts: AutomationParts): Promise<FiringFeed> {
  const { FiringFeed } = await import('../core/alerts/firing-feed.ts')
  return new FiringFeed(parts)
}

async function openAlerts(
  parts: AutomationParts,
  feed: () => Promise<FiringFeed>,
  changed: () => Promise<void>,
): Promise<Alerts> {
  const { createAlerts } = await import('../core/alerts/alerts.ts')
  return createAlerts({ ...(await alertParts(parts)), feed: await feed(), changed })
}

async function alertParts(parts: AutomationParts): Promise<DeliveryParts> {
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

async function openSchedules(parts: AutomationParts): Promise<Schedules> {
  const { createSchedules } = await import('../core/schedules/schedules.ts')
  return createSchedules({ ...parts, hosts: hostsOf(parts), ...(await scheduleParts(parts)) })
}

/** Looked up when something is stored that may have to be confirmed. */
function hostsOf({ inventory }: AutomationParts) {
  return {
    preview: async (expression: string) => {
      const { previewTarget } = await import('../core/inventory/preview-target.ts')
      return previewTarget(expression, await inventory.read())
    },
  }
}

async function scheduleParts({ records }: AutomationParts) {
  const [{ ScheduleBook }, { cronerTimes }] = await Promise.all([
    import('../core/schedules/schedule-book.ts'),
    import('../adapters/croner/croner-times.ts'),
  ])
  const clock = systemClock
  return { book: new ScheduleBook({ records, clock }), times: cronerTimes, clock }
}

async function openTriggers(parts: AutomationParts): Promise<Triggers> {
  const { createTriggers } = await import('../core/triggers/triggers.ts')
  const { records, secrets: box, commands, runs } = parts
  const start = { start: (ask: StartRun) => runs().start(ask) }
  const hosts = hostsOf(parts)
  const newSecret = () => randomName(40)
  return createTriggers({ records, box, commands, hosts, runs: start, newSecret })
}
