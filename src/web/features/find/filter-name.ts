/** Filters in words, as they stand on their chips. */

import { displayText } from '../../../shared/display.ts'
import type { FindCatalog } from '../../i18n/find-text.ts'
import { clockTime } from '../../i18n/format.ts'
import type { FilterRule } from '../runs/view-state.ts'

const textCharsMax = 40
const namesMax = 3

export function filterName(rule: FilterRule, t: FindCatalog): string {
  switch (rule.kind) {
    case 'hosts': {
      const more = rule.hosts.length - namesMax
      const names = rule.hosts.slice(0, namesMax).map(displayText)
      const hosts = `${names.join(', ')}${more > 0 ? ` +${more}` : ''}`
      return rule.isInverse ? t.notHosts(hosts) : t.onlyHosts(hosts)
    }
    case 'channels':
      return rule.channels.map((channel) => t.channelNames[channel]).join(', ')
    case 'levels':
      return rule.levels.map((level) => t.levelNames[level]).join(', ')
    case 'text': {
      const shown = displayText(rule.term.text).slice(0, textCharsMax)
      const written = rule.term.isRegex ? `/${shown}/` : shown
      return rule.term.isInverse ? t.hasNotText(written) : t.hasText(written)
    }
    case 'time':
      return timeName(rule, t)
  }
}

function timeName(
  { since, until }: FilterRule & { readonly kind: 'time' },
  t: FindCatalog,
): string {
  const clock = (time: string): string => clockTime(time).slice(0, 8)
  if (since !== null && until !== null) return t.betweenTimes(clock(since), clock(until))
  return until === null ? t.fromTime(clock(since ?? '')) : t.beforeTime(clock(until))
}
