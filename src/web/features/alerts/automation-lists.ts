/** Alerts, schedules and triggers as this page knows them. */
import { type Signal, signal } from '@preact/signals'
import { type AutomationApi, createAutomationApi } from '../../../client/automation-api.ts'
import type { Unreadable } from '../../../shared/listing.ts'
import type { Alert } from '../../../shared/protocol/alerts.ts'
import type { Schedule } from '../../../shared/protocol/schedules.ts'
import type { Trigger } from '../../../shared/protocol/triggers.ts'
import type { AppModel } from '../../app/app-model.ts'
import type { Tab } from '../../i18n/en-alerts.ts'

export interface AutomationLists {
  readonly alerts: readonly Alert[]
  readonly schedules: readonly Schedule[]
  readonly triggers: readonly Trigger[]
  readonly unreadable: Readonly<Record<Tab, readonly Unreadable[]>>
}

/** By name; null until they were loaded. */
export const automationLists: Signal<AutomationLists | null> = signal(null)

/** Rejects when they cannot be had. */
export async function loadAutomation(app: AppModel): Promise<void> {
  const api = automationApi(app)
  const [alerts, schedules, triggers] = await Promise.all([
    api.alerts.list(),
    api.schedules.list(),
    api.triggers.list(),
  ])
  automationLists.value = {
    alerts: alerts.items,
    schedules: schedules.items,
    triggers: triggers.items,
    unreadable: {
      alerts: alerts.unreadable,
      schedules: schedules.unreadable,
      triggers: triggers.unreadable,
    },
  }
}

export function automationApi({ session }: AppModel): AutomationApi {
  return createAutomationApi((path, init) => session.api.request(path, init))
}

export function tabPath(tab: Tab): string {
  return tab === 'alerts' ? '/alerts' : `/alerts?tab=${tab}`
}

export function editPath(tab: Tab, name: string): string {
  return `/alerts?tab=${tab}&edit=${encodeURIComponent(name)}`
}
