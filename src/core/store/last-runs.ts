/** The newest run of each host, from what stores know of the hosts of their runs, which never change. */
import { limits } from '../../shared/limits.ts'
import type { RunId } from '../../shared/run.ts'

/** Answer of `RunCatalog.lastRuns`. */
export interface LastRuns {
  /** So many of the newest runs were looked at. */
  readonly runs: number
  /** Those of the newest run first; of one run by their names. */
  readonly hosts: readonly LastRun[]
}

export interface LastRun {
  readonly host: string
  readonly id: RunId
  readonly createdAt: string
}

export interface RunHosts {
  readonly id: RunId
  readonly createdAt: string
  readonly hosts: readonly string[]
}

/** Of runs that come newest first. */
export function lastRunsOf(newest: readonly RunHosts[]): LastRuns {
  const seen = new Set<string>()
  const hosts = newest.flatMap(({ id, createdAt, hosts: all }) => {
    const added = [...new Set(all)].filter((host) => !seen.has(host)).toSorted()
    for (const host of added) seen.add(host)
    return added.map((host): LastRun => ({ host, id, createdAt }))
  })
  return { runs: newest.length, hosts }
}

/** Hosts of runs, kept by a store that would have to read all their tasks again. */
export class KeptHosts {
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<RunId, RunHosts>()
  #names = 0

  get(id: RunId): RunHosts | undefined {
    const kept = this.#kept.get(id)
    if (kept === undefined) return undefined
    this.#kept.delete(id)
    this.#kept.set(id, kept)
    return kept
  }

  keep(run: RunHosts): void {
    this.forget(run.id)
    this.#kept.set(run.id, run)
    this.#names += run.hosts.length
    for (const [oldest] of this.#kept) {
      if (this.#names <= limits.runHostsKeptMax) break
      this.forget(oldest)
    }
  }

  forget(id: RunId): void {
    this.#names -= this.#kept.get(id)?.hosts.length ?? 0
    this.#kept.delete(id)
  }
}
