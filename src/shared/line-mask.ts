/** What of a line may differ between hosts that print the same otherwise: their names, times, numbers. */
import { parseDestination } from './destination.ts'

export type MaskName = 'host' | 'times' | 'numbers'

export const maskNames: readonly MaskName[] = ['host', 'times', 'numbers']

/** A line of this host with what is masked as one word each; the line itself without masks. Linear time. */
export function createMask(masks: Iterable<MaskName>, host: string): (line: string) => string {
  const wanted = new Set(masks)
  const steps: [RegExp, string][] = []
  if (wanted.has('host')) steps.push([hostPattern(host), '<host>'])
  if (wanted.has('times')) steps.push([times, '<time>'])
  if (wanted.has('numbers')) steps.push([numbers, '<number>'])
  return (line) => steps.reduce((text, [pattern, word]) => text.replace(pattern, word), line)
}

const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const day = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?'
const clock = '\\d{1,2}:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?'
const zone = '(?: ?(?:Z|UTC|GMT|[+-]\\d\\d:?\\d\\d))?'
const dates = [
  // ISO 8601, of a web server, of `date` and of syslog.
  `\\d{4}-\\d\\d-\\d\\d(?:[T ]${clock}${zone})?`,
  `\\d\\d/${month}/\\d{4}(?::${clock}${zone})?`,
  `${day}${month} {1,2}\\d{1,2}(?: ${clock}${zone})?(?: \\d{4})?`,
  `${clock}${zone}`,
]
const times = new RegExp(`(?<![\\w.:])(?:${dates.join('|')})(?![\\w:])`, 'g')
const numbers = /0x[0-9a-f]+|\d+(?:[.,]\d+)*/gi

/** The name as a whole, or its first part as a host calls itself; an address has no such part. */
function hostPattern(host: string): RegExp {
  const name = nameOf(host)
  const [short = name] = /^[\d.]+$|:/.test(name) ? [name] : name.split('.')
  const either = [name, short].map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return new RegExp(`(?<![\\w.-])(?:${either})(?![\\w-])`, 'gi')
}

function nameOf(host: string): string {
  try {
    return parseDestination(host).name
  } catch {
    // A host of a run that was read from a file may be written in any way.
    return host
  }
}
