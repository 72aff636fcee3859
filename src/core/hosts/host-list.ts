/** The list of hosts: the inventory, then those on which something has run, each with its last check and run. */
import { limits } from '../../shared/limits.ts'
import type { HostEntry, HostList, HostSource } from '../../shared/protocol/hosts.ts'
import type { HostInventory, KnownHost } from '../inventory/inventory.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import type { KeptChecks } from './kept-checks.ts'

export interface HostListParts {
  readonly inventory: HostInventory
  readonly catalog: Pick<RunCatalog, 'lastRuns'>
  readonly checks: KeptChecks
}

export async function listHosts({ inventory, catalog, checks }: HostListParts): Promise<HostList> {
  const [known, newest, kept] = await Promise.all([
    inventory.read(),
    catalog.lastRuns(limits.runsPageMax),
    checks.read(),
  ])
  const lastRuns = new Map(newest.hosts.map(({ host, ...run }) => [host, run]))
  const names = new Set(known.hosts.map(({ name }) => name))
  const others = [...lastRuns.keys()].filter((name) => !names.has(name)).map(unknownHost)
  const hosts = [...known.hosts, ...others].map((host): HostEntry => {
    const { name, destination, note, groups, tags, sources } = host
    const about = { name, config: configOf(sources), sources, destination, groups, tags, note }
    return { ...about, check: kept.get(name) ?? null, lastRun: lastRuns.get(name) ?? null }
  })
  return { hosts, runs: newest.runs, complaints: known.complaints }
}

/** As it is listed when nothing names it. */
export function unknownHost(name: string): KnownHost {
  return { name, destination: null, note: null, groups: [], tags: [], sources: [] }
}

function configOf(sources: readonly HostSource[]): HostEntry['config'] {
  const source = sources.find(({ kind }) => kind === 'ssh-config')
  return source === undefined || source.kind === 'added'
    ? null
    : { file: source.file, line: source.line }
}
