/** Texts of the pages of hosts in the chosen language: not part of the first load. */
import { computed, type ReadonlySignal } from '@preact/signals'
import { enHosts } from './en-hosts.ts'
import { text } from './text.ts'
import { zhHosts } from './zh-hosts.ts'

export const hostsText: ReadonlySignal<typeof enHosts> = computed(() =>
  text.value.code === 'zh-CN' ? zhHosts : enHosts,
)
