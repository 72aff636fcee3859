/** The groups of an inventory with their members. */
import type { HostGroup } from '../../shared/protocol/hosts.ts'
import type { KnownHosts } from './inventory.ts'

/** By name; those that are described but have no hosts are among them. */
export function groupsOf({ hosts, groups }: KnownHosts): readonly HostGroup[] {
  const members = new Map<string, string[]>(groups.map(({ name }) => [name, []]))
  for (const host of hosts) {
    for (const group of host.groups) {
      const known = members.get(group)
      if (known === undefined) members.set(group, [host.name])
      else known.push(host.name)
    }
  }
  const confirmed = new Set(groups.filter(({ confirm }) => confirm).map(({ name }) => name))
  return [...members]
    .map(([name, names]) => ({ name, hosts: names, confirm: confirmed.has(name) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
