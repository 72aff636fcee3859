/** Lists of runs as SQL: the conditions of a filter, by the same rules as `matchesFilter`. */
import type { RunFilter } from '../../shared/run-filter.ts'
import type { SqlDatabase, SqlRow, SqlStatement, SqlValue } from './driver.ts'
import { runColumns } from './run-rows.ts'

export interface RunPage {
  /** Numbers below this one. */
  readonly before: number
  readonly limit: number
}

export class RunListing {
  readonly #database: SqlDatabase
  /** By their text. There are as many as combinations of conditions. */
  readonly #statements = new Map<string, SqlStatement>()

  constructor(database: SqlDatabase) {
    this.#database = database
  }

  /** Rows of `runColumns`, the newest first. */
  rows(filter: RunFilter, { before, limit }: RunPage): readonly SqlRow[] {
    const conditions = conditionsOf(filter)
    const where = ['run_states.run < ?', ...conditions.map(({ sql }) => sql)].join(' AND ')
    const text = `${runColumns} WHERE ${where} ORDER BY run_states.run DESC LIMIT ?`
    const values = conditions.flatMap((condition) => condition.values)
    return this.#prepared(text).all(before, ...values, limit)
  }

  #prepared(text: string): SqlStatement {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const statement = this.#database.prepare(text)
    this.#statements.set(text, statement)
    return statement
  }
}

interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

function conditionsOf(filter: RunFilter): readonly Condition[] {
  const { states, outcomes, host, text, saved, startedBy, pinned, since, until } = filter
  const conditions: Condition[] = []
  if (states !== undefined) conditions.push(isOneOf('run_states.state', states))
  if (outcomes !== undefined) conditions.push(isOneOf('run_states.outcome', outcomes))
  if (host !== undefined) {
    const sql = 'run_states.run IN (SELECT run FROM run_hosts WHERE host = ?)'
    conditions.push({ sql, values: [host] })
  }
  if (text !== undefined) {
    // LIKE ignores the case of ASCII letters, and of no others.
    conditions.push({ sql: `${textSql} LIKE ? ESCAPE '\\'`, values: [`%${escaped(text)}%`] })
  }
  if (saved !== undefined) conditions.push({ sql: `${savedSql} = ?`, values: [saved] })
  if (startedBy !== undefined) conditions.push(...startedByConditions(startedBy))
  if (pinned !== undefined)
    conditions.push({ sql: `run_states.pinned = ${pinned ? 1 : 0}`, values: [] })
  if (since !== undefined) conditions.push({ sql: `${createdSql} >= ?`, values: [since] })
  if (until !== undefined) conditions.push({ sql: `${createdSql} < ?`, values: [until] })
  return conditions
}

function startedByConditions({
  kind,
  name,
}: NonNullable<RunFilter['startedBy']>): readonly Condition[] {
  if (kind === 'person') return [{ sql: `${starterSql('kind')} IS NULL`, values: [] }]
  const isOfKind = { sql: `${starterSql('kind')} = ?`, values: [kind] }
  if (name === undefined) return [isOfKind]
  return [isOfKind, { sql: `${starterSql('name')} = ?`, values: [name] }]
}

function isOneOf(column: string, values: readonly string[]): Condition {
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)
}

const createdSql = "json_extract(runs.body, '$.createdAt')"
const savedSql = "json_extract(runs.body, '$.saved.name')"
const textSql = `(json_extract(runs.body, '$.target') || char(10) || coalesce(
  json_extract(runs.body, '$.source.command'), json_extract(runs.body, '$.source.unit'),
  json_extract(runs.body, '$.source.name'),
  (SELECT group_concat(value, ' ') FROM json_each(runs.body, '$.source.paths'))))`

function starterSql(field: 'kind' | 'name'): string {
  return `json_extract(runs.body, '$.startedBy.${field}')`
}
