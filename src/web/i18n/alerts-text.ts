/** Texts of alerts, schedules and triggers in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enAlerts } from './en-alerts.ts'
import { text } from './text.ts'
import { zhAlerts } from './zh-alerts.ts'

export const alertsText: ReadonlySignal<typeof enAlerts> = computed(() =>
  text.value.code === 'zh-CN' ? zhAlerts : enAlerts,
)
