/** The newest run of each host as SQL. */
import type { LastRun, LastRuns } from '../../core/store/last-runs.ts'
import type { SqlDatabase, SqlStatement } from './driver.ts'

export class LastRunRows {
  readonly #newest: SqlStatement
  readonly #hosts: SqlStatement

  constructor(database: SqlDatabase) {
    this.#newest = database.prepare(
      "SELECT number, id, json_extract(body, '$.createdAt') AS created_at FROM runs ORDER BY number DESC LIMIT ?",
    )
    this.#hosts = database.prepare(hostsSql)
  }

  read(limit: number): LastRuns {
    const runs = this.#newest.all(limit).map(({ number, id, created_at: createdAt }) => {
      return { number: Number(number), id: String(id), createdAt: String(createdAt) }
    })
    const oldest = runs.at(-1)
    if (oldest === undefined) return { runs: 0, hosts: [] }
    const byNumber = new Map(runs.map((run) => [run.number, run]))
    const hosts = this.#hosts.all(oldest.number).flatMap(({ host, run }): LastRun[] => {
      const known = byNumber.get(Number(run))
      if (known === undefined) return []
      return [{ host: String(host), id: known.id, createdAt: known.createdAt }]
    })
    return { runs: runs.length, hosts }
  }
}

/** From host to host, and for each to its last run: a search in the key for either, and not all of its rows. */
const hostsSql = `
  WITH RECURSIVE hosts(host) AS (
    SELECT min(host) FROM run_hosts
    UNION ALL
    SELECT (SELECT min(host) FROM run_hosts WHERE run_hosts.host > hosts.host)
    FROM hosts WHERE host IS NOT NULL
  ), last_runs(host, run) AS (
    SELECT host, (SELECT max(run) FROM run_hosts WHERE run_hosts.host = hosts.host)
    FROM hosts WHERE host IS NOT NULL
  )
  SELECT host, run FROM last_runs WHERE run >= ? ORDER BY run DESC, host`
