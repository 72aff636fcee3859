/** The texts of finding lines, with all others: they are loaded with the parts that find, not with the page. */
import { computed, type ReadonlySignal } from '@preact/signals'
import type { Catalog } from './en.ts'
import { enFind } from './en-find.ts'
import { text } from './text.ts'
import { zhFind } from './zh-find.ts'

export type FindCatalog = Catalog & typeof enFind

export const findText: ReadonlySignal<FindCatalog> = computed(() => {
  const shared = text.value
  return { ...shared, ...(shared.code === 'zh-CN' ? zhFind : enFind) }
})
