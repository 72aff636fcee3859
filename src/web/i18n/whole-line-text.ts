/** The texts of the view of one very long line, with all others: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import type { Catalog } from './en.ts'
import { enWholeLine } from './en-whole-line.ts'
import { text } from './text.ts'
import { zhWholeLine } from './zh-whole-line.ts'

export const wholeLineText: ReadonlySignal<Catalog & typeof enWholeLine> = computed(() => {
  const shared = text.value
  return { ...shared, ...(shared.code === 'zh-CN' ? zhWholeLine : enWholeLine) }
})
