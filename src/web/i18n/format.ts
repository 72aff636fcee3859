/** Numbers, sizes and times as people read them. */

const grouped = new Intl.NumberFormat('en')

/** Grouped by thousands, the same in both languages. */
export function formatCount(value: number): string {
  return grouped.format(value)
}

/** Size in bytes with one decimal from a kilobyte on. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`
}

/** `09:41:06.802` in the time zone of the browser. By arithmetic: `Intl` for each row is slow. */
export function clockTime(iso: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return ''
  const ms = (((time - offsetMs(time)) % dayMs) + dayMs) % dayMs
  const hours = Math.floor(ms / 3_600_000)
  const minutes = Math.floor(ms / 60_000) % 60
  const seconds = Math.floor(ms / 1_000) % 60
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${String(ms % 1_000).padStart(3, '0')}`
}

/** `09:41` today, the weekday within a week, else the date. */
export function shortTime(iso: string, now: number, locale: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return ''
  const age = now - time
  if (new Date(time).toDateString() === new Date(now).toDateString()) {
    return clockTime(iso).slice(0, 5)
  }
  const options: Intl.DateTimeFormatOptions =
    age < 6 * dayMs ? { weekday: 'short' } : { month: 'short', day: 'numeric' }
  return new Intl.DateTimeFormat(locale, options).format(time)
}

/** Date and time to the second, in the time zone of the browser unless another one is named. */
export function fullTime(iso: string, locale: string, timeZone?: string): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return ''
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    // As the times of lines, whose day has 24 hours.
    hourCycle: 'h23',
    ...(timeZone !== undefined && { timeZone }),
  }).format(time)
}

/** In the time zone of the browser, or in UTC. */
export function isSameDay(one: string, other: string, isUtc: boolean): boolean {
  // Zones are whole minutes apart: most lines need no calendar.
  if (one.slice(0, 16) === other.slice(0, 16)) return true
  if (isUtc) return one.slice(0, 10) === other.slice(0, 10)
  return new Date(one).toDateString() === new Date(other).toDateString()
}

/** The date with its weekday, in the time zone of the browser or in UTC. */
export function dayName(iso: string, locale: string, isUtc: boolean): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return ''
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...(isUtc && { timeZone: 'UTC' }),
  }).format(time)
}

const dayMs = 86_400_000

// The offset changes twice a year at most: it is looked up once per hour of log time.
let offsetHour = Number.NaN
let offset = 0
function offsetMs(time: number): number {
  const hour = Math.floor(time / 3_600_000)
  if (hour !== offsetHour) {
    offsetHour = hour
    offset = new Date(time).getTimezoneOffset() * 60_000
  }
  return offset
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
