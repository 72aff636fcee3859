/** Texts of saved commands in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enSaved } from './en-saved.ts'
import { text } from './text.ts'
import { zhSaved } from './zh-saved.ts'

export const savedText: ReadonlySignal<typeof enSaved> = computed(() =>
  text.value.code === 'zh-CN' ? zhSaved : enSaved,
)
