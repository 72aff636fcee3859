/** Texts of the options of a run in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enOptions } from './en-options.ts'
import { text } from './text.ts'
import { zhOptions } from './zh-options.ts'

export const optionsText: ReadonlySignal<typeof enOptions> = computed(() =>
  text.value.code === 'zh-CN' ? zhOptions : enOptions,
)
