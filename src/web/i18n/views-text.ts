/** Texts of the views of a run in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enViews } from './en-views.ts'
import { text } from './text.ts'
import { zhViews } from './zh-views.ts'

export const viewsText: ReadonlySignal<typeof enViews> = computed(() =>
  text.value.code === 'zh-CN' ? zhViews : enViews,
)
