/** What is typed into the palette: which entries are meant, or a place in the log. Pure. */

export type Scope = 'all' | 'action' | 'host' | 'run' | 'place'

export interface Typed {
  readonly scope: Scope
  readonly text: string
}

const scopes: ReadonlyMap<string, Scope> = new Map([
  ['>', 'action'],
  ['@', 'host'],
  ['#', 'run'],
  [':', 'place'],
])

export function typedOf(input: string): Typed {
  const text = input.trimStart()
  const scope = scopes.get(text.charAt(0))
  return scope === undefined
    ? { scope: 'all', text: text.trim() }
    : { scope, text: text.slice(1).trim() }
}

export type Place =
  | { readonly kind: 'line'; readonly pos: number }
  /** Milliseconds since 1970. */
  | { readonly kind: 'time'; readonly time: number }

/** What a time of day is counted from. */
export interface PlaceIn {
  /** When the run began, in milliseconds since 1970. */
  readonly start: number
  /** Times are those of UTC, not of the browser. */
  readonly isUtc: boolean
}

/**
 * `171204`, `L171204` and `1,284,903` are lines; `9:41`, `09:41:02` and `2026-11-20 09:41` times. A
 * time without a day is the first one after the run began.
 */
export function placeOf(text: string, run: PlaceIn): Place | null {
  const digits = /^L?([0-9][0-9,_ ]{0,18})$/i.exec(text)?.[1]?.replaceAll(/[^0-9]/g, '')
  if (digits !== undefined) return { kind: 'line', pos: Number(digits) }
  const [match, day, hour = '', minuteSecond = ''] =
    /^(?:(\d{4}-\d\d-\d\d)[ T])?(\d{1,2})((?::\d\d){1,2})$/.exec(text) ?? []
  if (match === undefined) return null
  const clock = `${hour.padStart(2, '0')}${minuteSecond}`
  const on = (wanted: string): number => Date.parse(`${wanted}T${clock}${run.isUtc ? 'Z' : ''}`)
  const first = on(day ?? dayOf(run.start, run.isUtc))
  // To the second, as it is typed: the very second in which the run began is meant, too.
  const isEarly = day === undefined && first + 1_000 <= run.start
  const time = isEarly ? on(dayOf(run.start + dayMs, run.isUtc)) : first
  return Number.isNaN(time) ? null : { kind: 'time', time }
}

const dayMs = 86_400_000

function dayOf(time: number, isUtc: boolean): string {
  const offsetMs = isUtc ? 0 : new Date(time).getTimezoneOffset() * 60_000
  return new Date(time - offsetMs).toISOString().slice(0, 10)
}
