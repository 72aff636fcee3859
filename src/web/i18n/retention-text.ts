/** The texts of retention, loaded with the parts that show it. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enRetention } from './en-retention.ts'
import { text } from './text.ts'
import { zhRetention } from './zh-retention.ts'

/** In the language of `text`. */
export const retentionText: ReadonlySignal<typeof enRetention> = computed(() =>
  text.value.code === 'zh-CN' ? zhRetention : enRetention,
)
