/** The time of a line as the reader wants to see it. By arithmetic: `Intl` for each row is slow. */
import type { TimeMode } from '../../app/preferences.ts'
import { clockTime, dayName, isSameDay } from '../../i18n/format.ts'

export interface TimedLine {
  readonly time: string
}

export interface LineTime {
  readonly mode: TimeMode
  /** Start of the run, ISO 8601. */
  readonly start: string
}

/** Empty for none: times are off, or there is no line before. */
export function lineTime(
  { time }: TimedLine,
  previous: TimedLine | undefined,
  { mode, start }: LineTime,
): string {
  switch (mode) {
    case 'off':
      return ''
    case 'clock':
      return clockTime(time)
    case 'utc':
      // As the server wrote it: `2026-11-23T22:00:00.000Z`.
      return time.slice(11, 23)
    case 'start':
      return distance(start, time)
    case 'delta':
      return previous === undefined ? '' : distance(previous.time, time)
  }
}

export interface LineDay {
  readonly mode: TimeMode
  readonly locale: string
}

/** The day that begins with a line, in words; empty when the line before is of the same day, or not known. */
export function newDay(
  { time }: TimedLine,
  previous: TimedLine | undefined,
  { mode, locale }: LineDay,
): string {
  const isUtc = mode === 'utc'
  if (previous === undefined || isSameDay(previous.time, time, isUtc)) return ''
  return dayName(time, locale, isUtc)
}

/** `+1:02:03.004`; the clock of the server can be set back, and then it is negative. */
function distance(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from)
  if (Number.isNaN(ms)) return ''
  const whole = Math.floor(Math.abs(ms) / 1_000)
  const hours = Math.floor(whole / 3_600)
  const minutes = Math.floor(whole / 60) % 60
  const seconds = whole % 60
  const rest = `.${String(Math.abs(ms) % 1_000).padStart(3, '0')}`
  const sign = ms < 0 ? '-' : '+'
  if (hours > 0) return `${sign}${hours}:${two(minutes)}:${two(seconds)}${rest}`
  return minutes > 0 ? `${sign}${minutes}:${two(seconds)}${rest}` : `${sign}${seconds}${rest}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
