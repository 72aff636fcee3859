/** The filter of the run list as it stands in the address, and as the server is asked. Pure. */
import type { RunFilterFields } from '../../../shared/protocol/run-list.ts'

export const shownKinds = ['all', 'running', 'failed'] as const
export const ages = ['any', 'hour', 'day', 'week', 'month'] as const

export interface ListFilter {
  readonly show: (typeof shownKinds)[number]
  /** Started within so long. */
  readonly age: (typeof ages)[number]
  readonly host: string
  /** In target or command. */
  readonly text: string
}

export function filterOf(query: string): ListFilter {
  const fields = new URLSearchParams(query)
  return {
    show: shownKinds.find((kind) => kind === fields.get('show')) ?? 'all',
    age: ages.find((age) => age === fields.get('age')) ?? 'any',
    host: fields.get('host') ?? '',
    text: fields.get('q') ?? '',
  }
}

/** Empty when everything is shown. */
export function queryOf({ show, age, host, text }: ListFilter): string {
  const fields = Object.entries({
    show: show === 'all' ? '' : show,
    age: age === 'any' ? '' : age,
    host,
    q: text,
  }).filter(([, value]) => value !== '')
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields).toString()}`
}

export function isAll(filter: ListFilter): boolean {
  return queryOf(filter) === ''
}

/** What the server is asked for; `now` is the time that ages are counted from. */
export function askOf({ show, age, host, text }: ListFilter, now: number): RunFilterFields {
  const ms = ageMs[age]
  const trimmed = text.trim()
  return {
    ...(show === 'running' && { state: 'queued,running,stopping' }),
    ...(show === 'failed' && { outcome: 'failed,lost' }),
    ...(ms !== null && { since: new Date(now - ms).toISOString() }),
    ...(host.trim() !== '' && { host: host.trim() }),
    ...(trimmed !== '' && { q: trimmed }),
  }
}

const hourMs = 3_600_000
const ageMs: Readonly<Record<ListFilter['age'], number | null>> = {
  any: null,
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  month: 30 * 24 * hourMs,
}
