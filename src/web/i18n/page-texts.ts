/** The texts of parts that are loaded when they are first shown: the first visit does not wait for them. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enPages } from './en-pages.ts'
import { text } from './text.ts'
import { zhPages } from './zh-pages.ts'

/** In the language of `text`. */
export const pageTexts: ReadonlySignal<typeof enPages> = computed(() =>
  text.value.code === 'zh-CN' ? zhPages : enPages,
)
