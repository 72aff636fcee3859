/**
 * The alerts as they are stored: rules with sealed webhooks, what became of them, how far each run is
 * judged, and firings that are not told yet. Over the records of the store, so every node sees them.
 */

import { automationLimits } from '../../shared/automation-limits.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type AlertRequest,
  alertRequestSchema,
  type Delivery,
  type FiringNote,
  hostOfAddress,
  type WebhookRequest,
} from '../../shared/protocol/alerts.ts'
import type { RunId } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { Clock } from '../clock.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'
import type { AlertRule, SealedWebhook } from './alert-rule.ts'
import type { Firing } from './firing.ts'
import type { MatchState } from './match-state.ts'

/** What became of an alert, over all runs and nodes. */
export interface AlertTrace {
  /** The newest event for which it has fired, and until when it is silent after that. */
  readonly last: string | null
  readonly quietUntil: number
  readonly fired: number
  readonly held: number
  readonly skipped: number
  readonly firings: readonly FiringNote[]
  readonly deliveries: readonly Delivery[]
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

/** How far a run is judged. */
export interface RunProgress {
  /** Node that judges it. */
  readonly owner: string
  readonly cursor: number
  /** By the name of the alert; those in which something is counted. */
  readonly states: Readonly<Record<string, RuleProgress>>
}

export interface RuleProgress extends MatchState {
  /** `since` of the rule: of a rule that was changed the rest is void. */
  readonly since: number
  /** Positions of the newest matches. */
  readonly places: readonly number[]
  /** Lines that were passed over since it last fired. */
  readonly skipped: number
}

/** A firing that is not told yet. */
export interface OpenFiring {
  readonly owner: string
  readonly firing: Firing
  /** Ids of webhooks that are through with it. */
  readonly done: readonly string[]
}

export interface OpenWebhook {
  readonly url: Secret
  readonly secret: Secret | null
}

export interface AlertBookParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly clock: Clock
}

export class AlertBook {
  readonly #parts: AlertBookParts

  constructor(parts: AlertBookParts) {
    this.#parts = parts
  }

  async list(): Promise<readonly AlertRule[]> {
    return (await this.#parts.records.list('alert')).map(ruleOf)
  }

  async get(name: string): Promise<AlertRule | undefined> {
    const stored = await this.#parts.records.get('alert', name)
    return stored && ruleOf(stored)
  }

  /** Rejects with `conflict` when it has another version, and `bad-request` for a webhook without address. */
  async put(name: string, request: AlertRequest, version?: number): Promise<AlertRule> {
    const { records, clock } = this.#parts
    const before = await this.get(name)
    if (
      before === undefined &&
      (await records.list('alert')).length >= automationLimits.alertsMax
    ) {
      throw new AppError('conflict', `There are ${automationLimits.alertsMax} alerts already.`, {
        hint: 'Remove one that is not needed any more.',
      })
    }
    const { webhooks, ...rest } = request
    const sealed = numbered(webhooks).map((each) => this.#seal(name, each, before))
    const isSame = before !== undefined && isSameWatch(before, request)
    const since = isSame ? before.since : clock.now()
    const body = JSON.stringify({ ...rest, since, webhooks: sealed })
    return ruleOf(await records.put({ kind: 'alert', name, body, version }))
  }

  async remove(name: string, version?: number): Promise<boolean> {
    const { records } = this.#parts
    const wasThere = await records.remove('alert', name, version)
    await records.remove('alert-trace', name)
    return wasThere
  }

  /** Address and key of a webhook. Throws `secret-unreadable`. */
  open(name: string, { id, url, secret }: SealedWebhook): OpenWebhook {
    const { box } = this.#parts
    return {
      url: box.open(url, context(name, id, 'url')),
      secret: secret === null ? null : box.open(secret, context(name, id, 'secret')),
    }
  }

  async trace(name: string): Promise<AlertTrace> {
    const stored = await this.#parts.records.get('alert-trace', name)
    return stored === undefined ? noTrace : traceOf(stored)
  }

  /** Changes it although others may do so too; gives what `change` has made of it. */
  async change(name: string, change: (trace: AlertTrace) => AlertTrace): Promise<AlertTrace> {
    const { records } = this.#parts
    for (;;) {
      const stored = await records.get('alert-trace', name)
      const before = stored === undefined ? noTrace : traceOf(stored)
      const after = change(before)
      if (after === before) return before
      const body = JSON.stringify(bounded(after))
      const version = stored?.version ?? 0
      try {
        await records.put({ kind: 'alert-trace', name, body, version })
        return after
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown
      }
    }
  }

  async progress(run: RunId): Promise<RunProgress | undefined> {
    const stored = await this.#parts.records.get('alert-run', run)
    return stored && progressOf(stored)
  }

  async allProgress(): Promise<readonly (RunProgress & { readonly run: RunId })[]> {
    const stored = await this.#parts.records.list('alert-run')
    return stored.map((each) => ({ ...progressOf(each), run: each.name }))
  }

  async saveProgress(run: RunId, progress: RunProgress): Promise<void> {
    await this.#parts.records.put({ kind: 'alert-run', name: run, body: JSON.stringify(progress) })
  }

  async endProgress(run: RunId): Promise<void> {
    await this.#parts.records.remove('alert-run', run)
  }

  async openFirings(): Promise<readonly OpenFiring[]> {
    return (await this.#parts.records.list('alert-firing')).map(firingOf)
  }

  async saveFiring(open: OpenFiring): Promise<void> {
    const body = JSON.stringify(open)
    await this.#parts.records.put({ kind: 'alert-firing', name: open.firing.id, body })
  }

  async endFiring({ firing }: OpenFiring): Promise<void> {
    await this.#parts.records.remove('alert-firing', firing.id)
  }

  /** An address or key that is not given stays what it was. */
  #seal(name: string, webhook: Numbered, before: AlertRule | undefined): SealedWebhook {
    const { box } = this.#parts
    const { id, kind, url, secret } = webhook
    const old = before?.webhooks.find((each) => each.id === id && each.kind === kind)
    if (url === undefined && old === undefined) {
      throw new AppError('bad-request', `The webhook "${id}" has no address.`, {
        hint: 'Give its "url". Without it only that of the same id and kind is kept.',
      })
    }
    const seal = (value: string, part: 'url' | 'secret') =>
      box.seal(new Secret(value), context(name, id, part))
    return {
      id,
      kind,
      host: url === undefined ? (old?.host ?? '') : hostOfAddress(url),
      url: url === undefined ? (old?.url ?? '') : seal(url, 'url'),
      secret: typeof secret === 'string' ? seal(secret, 'secret') : keptSecret(webhook, old),
    }
  }
}

/** A key belongs to its address: a new address does not get the old key. */
function keptSecret({ url, secret }: WebhookRequest, old: SealedWebhook | undefined) {
  if (secret === null || old === undefined) return null
  return url === undefined || hostOfAddress(url) === old.host ? old.secret : null
}

type Numbered = WebhookRequest & { readonly id: string }

/** Those without an id are called after their kind. */
function numbered(webhooks: readonly WebhookRequest[]): readonly Numbered[] {
  const taken = new Set(webhooks.flatMap(({ id }) => (id === undefined ? [] : [id])))
  if (taken.size < webhooks.filter(({ id }) => id !== undefined).length) {
    throw new AppError('bad-request', 'Two webhooks of the alert have the same id.')
  }
  return webhooks.map((webhook) => {
    if (webhook.id !== undefined) return { ...webhook, id: webhook.id }
    let id: string = webhook.kind
    for (let at = 2; taken.has(id); at++) id = `${webhook.kind}-${at}`
    taken.add(id)
    return { ...webhook, id }
  })
}

function context(name: string, id: string, part: 'url' | 'secret'): string {
  return `alert/${name}/${id}/${part}`
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

// Bodies are what this file has written, and nobody else.
function ruleOf({ name, version, body }: StoredRecord): AlertRule {
  const { since, webhooks, ...rest } = JSON.parse(body) as Omit<AlertRule, 'name' | 'version'>
  const request = alertRequestSchema.parse(rest)
  return { ...request, name, version, since, webhooks }
}

function traceOf({ body }: StoredRecord): AlertTrace {
  return JSON.parse(body) as AlertTrace
}

function progressOf({ body }: StoredRecord): RunProgress {
  return JSON.parse(body) as RunProgress
}

function firingOf({ body }: StoredRecord): OpenFiring {
  return JSON.parse(body) as OpenFiring
}
