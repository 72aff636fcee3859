/** What is looked for inside all runs, as it stands in the address and as each run is asked. Pure. */
import type { LineFilter } from '../../../client/api.ts'

/** The names are those of the run page, so that its search goes on with the same. */
export interface SearchText {
  readonly text: string
  readonly isRegex: boolean
  /** Capital letters count in any case; else only when the text has some. */
  readonly isExact: boolean
}

export function searchTextOf(query: string): SearchText {
  const fields = new URLSearchParams(query)
  return {
    text: fields.get('q') ?? '',
    isRegex: fields.get('regex') === 'true',
    isExact: fields.get('case') === 'sensitive',
  }
}

export function searchQueryOf({ text, isRegex, isExact }: SearchText): string {
  const fields = new URLSearchParams({
    ...(text !== '' && { q: text }),
    ...(isRegex && { regex: 'true' }),
    ...(isExact && { case: 'sensitive' }),
  })
  return fields.size === 0 ? '' : `?${fields.toString()}`
}

export function lineFilterOf({ text, isRegex, isExact }: SearchText): LineFilter {
  return {
    q: text,
    ...(isRegex && { regex: 'true' as const }),
    ...(isExact && { case: 'sensitive' as const }),
  }
}

/** A part of a line, and whether it is what was looked for. */
export interface TextPart {
  readonly text: string
  readonly isMatch: boolean
}

/**
 * The line cut around its first match, with all matches of a plain text set off. A regular expression
 * is not tried here: on a line that a host made for it, it could take for ever.
 */
export function partsOf(line: string, search: SearchText): readonly TextPart[] {
  const wanted = search.isRegex ? '' : search.text
  const ignoresCase = !search.isExact && wanted === wanted.toLowerCase()
  const places = placesOf(line, wanted, ignoresCase)
  const first = places[0] ?? 0
  const from = first > shownChars / 2 ? first - shownBefore : 0
  const to = from + shownChars
  const parts: TextPart[] = from > 0 ? [{ text: '…', isMatch: false }] : []
  let at = from
  for (const place of places) {
    if (place < at || place + wanted.length > to) continue
    parts.push({ text: line.slice(at, place), isMatch: false })
    at = place + wanted.length
    parts.push({ text: line.slice(place, at), isMatch: true })
  }
  parts.push({ text: line.slice(at, to), isMatch: false })
  if (to < line.length) parts.push({ text: '…', isMatch: false })
  return parts.filter(({ text }) => text !== '')
}

function placesOf(line: string, wanted: string, ignoresCase: boolean): readonly number[] {
  if (wanted === '') return []
  const lower = line.toLowerCase()
  // Where lower case is of another length, places would not fit any more: then nothing is set off.
  if (ignoresCase && lower.length !== line.length) return []
  const text = ignoresCase ? lower : line
  const places: number[] = []
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    places.push(at)
  }
  return places
}

/** Of a line; enough to know it by. */
const shownChars = 400
const shownBefore = 60
