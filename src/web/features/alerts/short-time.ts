/** A time as one reads it in a list: without the year while that is this one. */
import { text } from '../../i18n/text.ts'

export function shortTime(iso: string, timeZone?: string): string {
  const format = new Intl.DateTimeFormat(text.value.code, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
    ...(timeZone !== undefined && { timeZone }),
  })
  return format.format(new Date(iso))
}
