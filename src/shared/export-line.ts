/** A line as exports write it, from the page and from the command line alike. */
import { displayText, visibleText } from './display.ts'
import type { WireLine } from './protocol/events.ts'

export const lineFormats = ['text', 'ndjson'] as const
export type LineFormat = (typeof lineFormats)[number]

/** `TIME HOST TEXT` without colours, or one JSON object; with the newline. */
export function exportLine(line: WireLine, host: string, format: LineFormat): string {
  if (format === 'ndjson') return `${JSON.stringify({ ...line, host })}\n`
  return `${line.time} ${displayText(host)} ${visibleText(line.text)}\n`
}
