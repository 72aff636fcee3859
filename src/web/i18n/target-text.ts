/** Texts of targets in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enTarget } from './en-target.ts'
import { text } from './text.ts'
import { zhTarget } from './zh-target.ts'

export const targetText: ReadonlySignal<typeof enTarget> = computed(() =>
  text.value.code === 'zh-CN' ? zhTarget : enTarget,
)
