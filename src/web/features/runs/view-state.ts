/**
 * How somebody looks at a run: view, filters and search. All of it is the query of the page's address,
 * so that Back, a reload and a link give the same. Pure functions.
 */
import { type Channel, channels } from '../../../shared/channel.ts'
import { type Level, levels } from '../../../shared/level.ts'
import { type CaseRule, parseTerm, printTerm, type TextTerm } from '../../../shared/text-term.ts'

/** All lines by position, one pane per host, or hosts with the same output together. */
export type ViewKind = 'merged' | 'hosts' | 'grouped'

export const viewKinds: readonly ViewKind[] = ['merged', 'hosts', 'grouped']

/** The one after it, and the first one after the last. */
export function nextView(view: ViewKind): ViewKind {
  return viewKinds[(viewKinds.indexOf(view) + 1) % viewKinds.length] ?? 'merged'
}

export interface ViewState {
  readonly view: ViewKind
  /** In the order of their kinds and texts; those that are on hold together. */
  readonly filters: readonly Filter[]
  /** Highlights and counts; hides nothing. */
  readonly search: TextTerm | null
}

/** Of each kind there is one, of texts as many as wanted. */
export type Filter = { readonly isOn: boolean } & FilterRule

export type FilterRule =
  | { readonly kind: 'hosts'; readonly hosts: readonly string[]; readonly isInverse: boolean }
  | { readonly kind: 'channels'; readonly channels: readonly Channel[] }
  | { readonly kind: 'levels'; readonly levels: readonly (Level | 'none')[] }
  | { readonly kind: 'text'; readonly term: TextTerm }
  /** ISO 8601 in UTC: arrived from the one on, and before the other. */
  | { readonly kind: 'time'; readonly since: string | null; readonly until: string | null }

export const noView: ViewState = { view: 'merged', filters: [], search: null }

/** A filter that is switched off stays in the address under a name of its own; a text with a mark before it. */
const offMark = 'off-'
const offTextMark = '-'
const kindOrder: readonly Filter['kind'][] = ['hosts', 'channels', 'levels', 'time', 'text']
/** An address is not made to hold more. */
const filtersMax = 32

/** What cannot be read is left out: a link from another version shows what it can. */
export function parseView(query: string): ViewState {
  const fields = new URLSearchParams(query)
  const view = viewKinds.find((kind) => kind === fields.get('view')) ?? 'merged'
  return { view, filters: parseFilters(fields), search: parseSearch(fields) }
}

/** Empty for the view that every run opens with, else with its question mark. */
export function printView({ view, filters, search }: ViewState): string {
  const fields = new URLSearchParams()
  if (view !== 'merged') fields.set('view', view)
  for (const filter of filters) {
    for (const [name, value] of filter.kind === 'text' ? [] : fieldsOf(filter)) {
      fields.set(filter.isOn ? name : offMark + name, value)
    }
  }
  const texts = filters.filter((filter) => filter.kind === 'text')
  if (texts.length > 0) fields.set('text', texts.map(printText).join('\n'))
  if (search !== null) {
    fields.set('q', search.text)
    if (search.isRegex) fields.set('regex', 'true')
    if (search.caseRule !== 'smart') fields.set('case', search.caseRule)
    if (search.isInverse) fields.set('invert', 'true')
  }
  const written = fields.toString()
  return written === '' ? '' : `?${written}`
}

/** Sets the filter of this kind, in its old place; a text is added, unless it is there already. */
export function withFilter(state: ViewState, rule: FilterRule): ViewState {
  const next: Filter = { ...rule, isOn: true }
  const isOld = (old: Filter): boolean =>
    rule.kind === 'text' ? isSame(old, rule) : old.kind === rule.kind
  const at = state.filters.findIndex(isOld)
  if (at >= 0) return { ...state, filters: state.filters.with(at, next) }
  const filters = [...state.filters, next].slice(-filtersMax)
  const rank = ({ kind }: Filter): number => kindOrder.indexOf(kind)
  return { ...state, filters: filters.toSorted((a, b) => rank(a) - rank(b)) }
}

export function withoutFilter(state: ViewState, filter: Filter): ViewState {
  return { ...state, filters: state.filters.filter((one) => !isSame(one, filter)) }
}

export function switchFilter(state: ViewState, filter: Filter): ViewState {
  const filters = state.filters.map((one) =>
    isSame(one, filter) ? { ...one, isOn: !one.isOn } : one,
  )
  return { ...state, filters }
}

/** Only the lines of this host are shown. */
export function isOnlyHost({ filters }: ViewState, host: string): boolean {
  return filters.some(
    (rule) => rule.kind === 'hosts' && rule.isOn && !rule.isInverse && String(rule.hosts) === host,
  )
}

/** The rules that hold now. */
export function rulesOf({ filters }: ViewState): readonly FilterRule[] {
  return filters.filter(({ isOn }) => isOn)
}

function isSame(a: FilterRule, b: FilterRule): boolean {
  return a.kind === b.kind && String(fieldsOf(a)) === String(fieldsOf(b))
}

function fieldsOf(rule: FilterRule): readonly (readonly [string, string])[] {
  switch (rule.kind) {
    case 'hosts':
      return [[rule.isInverse ? 'not-host' : 'host', rule.hosts.join(',')]]
    case 'channels':
      return [['channel', rule.channels.join(',')]]
    case 'levels':
      return [['level', rule.levels.join(',')]]
    case 'text':
      return [['text', printTerm(rule.term)]]
    case 'time':
      return [
        ...(rule.since === null ? [] : [['since', rule.since] as const]),
        ...(rule.until === null ? [] : [['until', rule.until] as const]),
      ]
  }
}

function parseFilters(fields: URLSearchParams): readonly Filter[] {
  let state = noView
  for (const [name, value] of fields) {
    if (name === 'text') state = value.split('\n').reduce(withText, state)
    const isOn = !name.startsWith(offMark)
    const rule = parseRule(isOn ? name : name.slice(offMark.length), value, state)
    if (rule === null) continue
    state = withFilter(state, rule)
    if (!isOn) state = switchFilter(state, { ...rule, isOn: true })
  }
  return state.filters
}

function printText(filter: Filter & { readonly kind: 'text' }): string {
  return `${filter.isOn ? '' : offTextMark}${printTerm(filter.term)}`
}

function withText(state: ViewState, written: string): ViewState {
  const isOn = !written.startsWith(offTextMark)
  const term = parseTerm(isOn ? written : written.slice(offTextMark.length))
  if (term === null) return state
  const next = withFilter(state, { kind: 'text', term })
  return isOn ? next : switchFilter(next, { kind: 'text', term, isOn: true })
}

function parseRule(name: string, value: string, state: ViewState): FilterRule | null {
  switch (name) {
    case 'host':
    case 'not-host': {
      const hosts = value.split(',').filter((host) => host !== '')
      return hosts.length === 0 ? null : { kind: 'hosts', hosts, isInverse: name === 'not-host' }
    }
    case 'channel': {
      const found = wordsOf(value, channels)
      return found.length === 0 ? null : { kind: 'channels', channels: found }
    }
    case 'level': {
      const found = wordsOf(value, [...levels, 'none'] as const)
      return found.length === 0 ? null : { kind: 'levels', levels: found }
    }
    case 'since':
    case 'until':
      return parseTimeRule(name, value, state)
    default:
      return null
  }
}

/** The two ends of a time filter are two fields. */
function parseTimeRule(
  name: 'since' | 'until',
  value: string,
  { filters }: ViewState,
): FilterRule | null {
  const ms = Date.parse(value)
  if (Number.isNaN(ms)) return null
  const time = new Date(ms).toISOString()
  const known = filters.find((filter) => filter.kind === 'time')
  const { since = null, until = null } = known ?? {}
  return name === 'since'
    ? { kind: 'time', since: time, until }
    : { kind: 'time', since, until: time }
}

function wordsOf<T extends string>(value: string, words: readonly T[]): readonly T[] {
  const asked = value.split(',')
  return words.filter((word) => asked.includes(word))
}

const caseRules: readonly CaseRule[] = ['smart', 'sensitive', 'insensitive']

function parseSearch(fields: URLSearchParams): TextTerm | null {
  const text = (fields.get('q') ?? '').replaceAll(/[\n\r]/g, ' ')
  if (text === '') return null
  return {
    text,
    isRegex: fields.get('regex') === 'true',
    caseRule: caseRules.find((rule) => rule === fields.get('case')) ?? 'smart',
    isInverse: fields.get('invert') === 'true',
  }
}
