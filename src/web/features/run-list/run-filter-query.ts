/** The filter of the run list as it stands in the address, and as the server is asked. Pure. */
import type { RunFilterFields } from '../../../shared/protocol/run-list.ts'

export const shownKinds = ['all', 'running', 'failed'] as const
export const starterKinds = ['any', 'person', 'schedule', 'trigger'] as const
export const ages = ['any', 'hour', 'day', 'week', 'month'] as const

export interface ListFilter {
  readonly show: (typeof shownKinds)[number]
  /** Started within so long. */
  readonly age: (typeof ages)[number]
  readonly host: string
  /** In target or command. */
  readonly text: string
  /** Started from the saved command with this name. */
  readonly saved: string
  /** Started by: `person`, `schedule`, `trigger`, or one of them as `schedule:nightly`. */
  readonly by: string
  readonly pinned: boolean
}

/** Kind and name of who started; a name alone is of no kind. */
export function starterOf(by: string): {
  readonly kind: (typeof starterKinds)[number]
  readonly name: string | null
} {
  const [word, ...rest] = by.split(':')
  const kind = starterKinds.find((one) => one === word) ?? 'any'
  return { kind, name: rest.length === 0 || kind === 'any' ? null : rest.join(':') }
}

export function filterOf(query: string): ListFilter {
  const fields = new URLSearchParams(query)
  return {
    show: shownKinds.find((kind) => kind === fields.get('show')) ?? 'all',
    age: ages.find((age) => age === fields.get('age')) ?? 'any',
    host: fields.get('host') ?? '',
    text: fields.get('q') ?? '',
    saved: fields.get('saved') ?? '',
    by: starterOf(fields.get('by') ?? '').kind === 'any' ? '' : (fields.get('by') ?? ''),
    pinned: fields.get('pinned') === 'true',
  }
}

/** Empty when everything is shown. */
export function queryOf({ show, age, host, text, saved, by, pinned }: ListFilter): string {
  const fields = Object.entries({
    show: show === 'all' ? '' : show,
    age: age === 'any' ? '' : age,
    host,
    q: text,
    saved,
    by,
    pinned: pinned ? 'true' : '',
  }).filter(([, value]) => value !== '')
  return fields.length === 0 ? '' : `?${new URLSearchParams(fields).toString()}`
}

export function isAll(filter: ListFilter): boolean {
  return queryOf(filter) === ''
}

/** What the server is asked for; `now` is the time that ages are counted from. */
export function askOf(
  { show, age, host, text, saved, by, pinned }: ListFilter,
  now: number,
): RunFilterFields {
  const ms = ageMs[age]
  const trimmed = text.trim()
  return {
    ...(show === 'running' && { state: 'queued,running,stopping' }),
    ...(show === 'failed' && { outcome: 'failed,lost' }),
    ...(ms !== null && { since: new Date(now - ms).toISOString() }),
    ...(host.trim() !== '' && { host: host.trim() }),
    ...(trimmed !== '' && { q: trimmed }),
    ...(saved !== '' && { saved }),
    ...(by !== '' && { startedBy: by }),
    ...(pinned && { pinned: 'true' }),
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
