/** Texts of running a run once more in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enAgain } from './en-again.ts'
import { text } from './text.ts'
import { zhAgain } from './zh-again.ts'

export const againText: ReadonlySignal<typeof enAgain> = computed(() =>
  text.value.code === 'zh-CN' ? zhAgain : enAgain,
)
