/** Texts of the panel of many hosts in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enFleet } from './en-fleet.ts'
import { text } from './text.ts'
import { zhFleet } from './zh-fleet.ts'

export const fleetText: ReadonlySignal<typeof enFleet> = computed(() =>
  text.value.code === 'zh-CN' ? zhFleet : enFleet,
)
