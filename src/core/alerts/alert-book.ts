/** The alerts as they are stored: over the records of the store, so every node sees them. */

import { automationLimits } from '../../shared/automation-limits.ts'
import type { Listing } from '../../shared/listing.ts'
import type { AlertRequest } from '../../shared/protocol/alerts.ts'
import type { RunId } from '../../shared/run.ts'
import type { Clock } from '../clock.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { RecordStore } from '../store/record-store.ts'
import { namedValue, TypedRecords } from '../store/typed-records.ts'
import {
  type AlertTrace,
  alertType,
  firingType,
  type OpenFiring,
  progressType,
  type RunProgress,
  type StoredAlert,
  traceType,
} from './alert-records.ts'
import type { AlertRule, SealedWebhook } from './alert-rule.ts'
import { type OpenWebhook, openWebhook, sealWebhooks } from './sealed-webhooks.ts'

export interface AlertBookParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly clock: Clock
}

export class AlertBook {
  readonly #parts: Pick<AlertBookParts, 'box' | 'clock'>
  readonly #alerts: TypedRecords<StoredAlert>
  readonly #traces: TypedRecords<AlertTrace>
  readonly #progress: TypedRecords<RunProgress>
  readonly #firings: TypedRecords<OpenFiring>

  constructor({ records, ...parts }: AlertBookParts) {
    this.#parts = parts
    this.#alerts = new TypedRecords(records, alertType)
    this.#traces = new TypedRecords(records, traceType)
    this.#progress = new TypedRecords(records, progressType)
    this.#firings = new TypedRecords(records, firingType)
  }

  async list(): Promise<Listing<AlertRule>> {
    const { items, unreadable } = await this.#alerts.list()
    return { items: items.map(namedValue), unreadable }
  }

  /** Rejects with `store-failed` for one that cannot be read. */
  async get(name: string): Promise<AlertRule | undefined> {
    const stored = await this.#alerts.get(name)
    return stored && namedValue(stored)
  }

  /** Rejects with `conflict` when it has another version, and `bad-request` for a webhook without address. */
  async put(name: string, request: AlertRequest, version?: number): Promise<AlertRule> {
    const { box, clock } = this.#parts
    const before = await this.get(name)
    const webhooks = sealWebhooks({ name, webhooks: request.webhooks }, before?.webhooks ?? [], box)
    const isSame = before !== undefined && isSameWatch(before, request)
    const since = isSame ? before.since : clock.now()
    return namedValue(await this.#alerts.put(name, { ...request, since, webhooks }, version))
  }

  async remove(name: string, version?: number): Promise<boolean> {
    const wasThere = await this.#alerts.remove(name, version)
    await this.#traces.remove(name)
    return wasThere
  }

  /** Address and key of a webhook. Throws `secret-unreadable`. */
  open(name: string, webhook: SealedWebhook): OpenWebhook {
    return openWebhook(name, webhook, this.#parts.box)
  }

  async trace(name: string): Promise<AlertTrace> {
    return (await this.#traces.state(name)).value ?? noTrace
  }

  /** Changes it although others may do so too; gives what `change` has made of it. */
  change(name: string, change: (trace: AlertTrace) => AlertTrace): Promise<AlertTrace> {
    return this.#traces.change(name, noTrace, (before) => {
      const after = change(before)
      return after === before ? before : bounded(after)
    })
  }

  /** Undefined for a run that is to be judged from its beginning. */
  async progress(run: RunId): Promise<RunProgress | undefined> {
    return (await this.#progress.state(run)).value
  }

  async allProgress(): Promise<readonly (RunProgress & { readonly run: RunId })[]> {
    const { items } = await this.#progress.list()
    return items.map(({ name, value }) => ({ ...value, run: name }))
  }

  async saveProgress(run: RunId, progress: RunProgress): Promise<void> {
    await this.#progress.put(run, progress)
  }

  async endProgress(run: RunId): Promise<void> {
    await this.#progress.remove(run)
  }

  async openFirings(): Promise<readonly OpenFiring[]> {
    return (await this.#firings.list()).items.map(({ value }) => value)
  }

  async saveFiring(open: OpenFiring): Promise<void> {
    await this.#firings.put(open.firing.id, open)
  }

  async endFiring({ firing }: OpenFiring): Promise<void> {
    await this.#firings.remove(firing.id)
  }
}

const noTrace: AlertTrace = {
  last: null,
  quietUntil: 0,
  fired: 0,
  held: 0,
  skipped: 0,
  firings: [],
  deliveries: [],
}

/** What is counted is the same, so that counting goes on. */
function isSameWatch(before: AlertRule, after: AlertRequest): boolean {
  const watched = ({ enabled, when, runs }: AlertRequest | AlertRule): string =>
    JSON.stringify([enabled, when, runs])
  return watched(before) === watched(after)
}

function bounded(trace: AlertTrace): AlertTrace {
  return {
    ...trace,
    firings: trace.firings.slice(0, automationLimits.alertFiringsKept),
    deliveries: trace.deliveries.slice(0, automationLimits.alertDeliveriesKept),
  }
}
