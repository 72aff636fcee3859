/** Joins what several places say of hosts to one inventory. */
import type { KnownHost, KnownHosts } from './inventory.ts'

/**
 * A host that several places name has the groups, tags and sources of all; for destination and note
 * the later place wins. Hosts are in the order in which they are first named.
 */
export function mergeInventory(parts: readonly KnownHosts[]): KnownHosts {
  const hosts = new Map<string, KnownHost>()
  const groups = new Map<string, boolean>()
  for (const part of parts) {
    for (const host of part.hosts) {
      const known = hosts.get(host.name)
      hosts.set(host.name, known === undefined ? host : joined(known, host))
    }
    for (const { name, confirm } of part.groups) {
      groups.set(name, confirm || groups.get(name) === true)
    }
  }
  return {
    hosts: [...hosts.values()],
    groups: [...groups].map(([name, confirm]) => ({ name, confirm })),
    complaints: parts.flatMap(({ complaints }) => complaints),
  }
}

function joined(first: KnownHost, later: KnownHost): KnownHost {
  return {
    name: first.name,
    destination: later.destination ?? first.destination,
    note: later.note ?? first.note,
    groups: [...new Set([...first.groups, ...later.groups])],
    tags: [...new Set([...first.tags, ...later.tags])],
    sources: [...first.sources, ...later.sources],
  }
}
