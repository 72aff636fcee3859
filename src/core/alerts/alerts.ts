/** What people can do with alerts: the one interface that HTTP and the embedded command line use. */

import { AppError } from '../../shared/errors.ts'
import type { Listing } from '../../shared/listing.ts'
import {
  type Alert,
  type AlertRequest,
  type Delivery,
  type FiringsEvent,
  hostOfAddress,
  type WebhookPreview,
} from '../../shared/protocol/alerts.ts'
import { parseTarget } from '../../shared/target.ts'
import { compilePattern } from '../../shared/text-pattern.ts'
import { patternOfTerm } from '../../shared/text-term.ts'
import { unknownName } from '../store/unknown-name.ts'
import type { AlertBook } from './alert-book.ts'
import type { AlertRule } from './alert-rule.ts'
import { Deliveries, type DeliveryParts } from './deliveries.ts'
import { exampleFiring, noteOf } from './firing.ts'
import type { FiringFeed } from './firing-feed.ts'
import { renderMessage } from './templates/template.ts'

export interface Alerts {
  list(): Promise<Listing<Alert>>
  /** Rejects with `not-found`. */
  get(name: string): Promise<Alert>
  /** Stores it. Rejects with `bad-pattern`, `bad-target`, `bad-request`, and `conflict` for another version. */
  put(name: string, request: AlertRequest, version?: number): Promise<Alert>
  /** Rejects with `not-found`. */
  remove(name: string): Promise<void>
  /** Sends an example to each of its webhooks, once, and to readers of firings; tells what came of the first. Rejects with `not-found`. */
  test(name: string, signal: AbortSignal): Promise<readonly Delivery[]>
  /**
   * Firings as they come, of all nodes, until the signal aborts: from a cursor on, null for now. The
   * first item comes at once and says where that is. Rejects as the store does.
   */
  firings(from: number | null, signal: AbortSignal): AsyncIterable<FiringsEvent>
  /** What its webhooks would be sent. */
  preview(name: string, request: AlertRequest): Promise<readonly WebhookPreview[]>
}

export interface AlertsParts extends DeliveryParts {
  readonly feed: FiringFeed
  /** Told of each change; resolves when it is in force here. */
  readonly changed: () => Promise<void>
}

export function createAlerts(parts: AlertsParts): Alerts {
  const { book, clock } = parts
  const deliveries = new Deliveries(parts)
  const unknown = async (name: string) =>
    unknownName({ noun: 'alert', command: 'alerts' }, name, await book.list())
  const rule = async (name: string): Promise<AlertRule> => {
    const found = await book.get(name)
    if (found === undefined) throw await unknown(name)
    return found
  }
  return {
    list: async () => {
      const { items, unreadable } = await book.list()
      return { items: await Promise.all(items.map((each) => shown(each, book))), unreadable }
    },
    get: async (name) => shown(await rule(name), book),
    put: async (name, request, version) => {
      check(request)
      const stored = await book.put(name, request, version)
      await parts.changed()
      return shown(stored, book)
    },
    remove: async (name) => {
      if (!(await book.remove(name))) throw await unknown(name)
      await parts.changed()
    },
    test: async (name, signal) => {
      const { webhooks, desktop } = await rule(name)
      const firing = exampleFiring(name, clock.now())
      await parts.feed.add({ ...noteOf(firing), alert: name, desktop })
      return Promise.all(webhooks.map((webhook) => deliveries.once(webhook, firing, signal)))
    },
    firings: (from, signal) => parts.feed.follow(from, signal),
    preview: async (name, request) => {
      check(request)
      const firing = exampleFiring(name, clock.now())
      return request.webhooks.map(({ id, kind }) => ({
        webhook: id ?? kind,
        kind,
        ...renderMessage(kind, firing, parts.base()),
      }))
    },
  }
}

async function shown(rule: AlertRule, book: AlertBook): Promise<Alert> {
  const { since: _, webhooks, ...rest } = rule
  const { fired, held, skipped, firings, deliveries } = await book.trace(rule.name)
  return {
    ...rest,
    webhooks: webhooks.map(({ id, kind, host, secret }) => {
      return { id, kind, host, hasSecret: secret !== null }
    }),
    fired,
    held,
    skipped,
    firings,
    deliveries,
  }
}

/** What the schema does not look at. */
function check({ when, runs, webhooks }: AlertRequest): void {
  if (runs.target !== undefined) parseTarget(runs.target)
  for (const { text, regex = false, case: caseRule = 'smart' } of textsOf(when)) {
    compilePattern(patternOfTerm({ text, isRegex: regex, caseRule }))
  }
  for (const { url } of webhooks) {
    if (url === undefined || hostOfAddress(url) !== '') continue
    throw new AppError('bad-request', 'A webhook has no address that can be read.')
  }
}

function textsOf(when: AlertRequest['when']) {
  return when.kind === 'lines' ? (when.filter.texts ?? []) : []
}
