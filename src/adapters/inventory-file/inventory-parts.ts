/** What the readers of inventory files make of them, before the groups within groups are worked out. */
import type { KnownHosts } from '../../core/inventory/inventory.ts'
import { parseDestination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { hostNamePattern } from '../../shared/inventory.ts'
import { limits } from '../../shared/limits.ts'

export interface ReadInventory {
  readonly hosts: ReadonlyMap<string, ReadHost>
  readonly groups: ReadonlyMap<string, ReadGroup>
}

export interface ReadHost {
  readonly line: number
  readonly destination: string | null
  /** Those that name it themselves. */
  readonly groups: ReadonlySet<string>
  readonly tags: readonly string[]
  readonly note: string | null
}

export interface ReadGroup {
  readonly line: number
  readonly confirm: boolean
  /** Groups within it. */
  readonly children: readonly string[]
}

/** A fault of a file, with its line. */
export type FileFault = (line: number, why: string, hint?: string) => AppError

/** Faults of this file. */
export function faultsOf(file: string): FileFault {
  return (line, why, hint) =>
    new AppError(
      'inventory-invalid',
      `${file}, line ${line}: ${why}.`,
      hint === undefined ? {} : { hint },
    )
}

/** Members of a group are members of the groups that hold it. Throws `inventory-invalid`. */
export function toKnownHosts(
  { hosts, groups }: ReadInventory,
  file: string,
  fault: FileFault,
): KnownHosts {
  const above = groupsAbove(groups, fault)
  if (hosts.size > limits.inventoryHostsMax) {
    throw fault(1, `it has ${hosts.size} hosts; at most ${limits.inventoryHostsMax} are possible`)
  }
  return {
    hosts: [...hosts].map(([name, host]) => {
      checkHost(name, host, fault)
      const all = new Set([...host.groups].flatMap((group) => [group, ...(above.get(group) ?? [])]))
      return {
        name,
        destination: host.destination,
        note: host.note,
        groups: [...all],
        tags: host.tags,
        sources: [{ kind: 'file', file, line: host.line }],
      }
    }),
    groups: [...groups].map(([name, { confirm }]) => ({ name, confirm })),
    complaints: [],
  }
}

/** Of each group all that hold it, at any depth. */
function groupsAbove(
  groups: ReadonlyMap<string, ReadGroup>,
  fault: FileFault,
): ReadonlyMap<string, ReadonlySet<string>> {
  const above = new Map<string, Set<string>>()
  const walk = (name: string, path: readonly string[]): void => {
    const group = groups.get(name)
    if (group === undefined) return
    for (const child of group.children) {
      const way = [...path, name]
      if (way.includes(child)) {
        throw fault(group.line, `the group "${child}" holds itself: ${[...way, child].join(' > ')}`)
      }
      const known = above.get(child) ?? new Set()
      const isNew = way.some((holder) => !known.has(holder))
      for (const holder of way) known.add(holder)
      above.set(child, known)
      if (isNew) walk(child, way)
    }
  }
  for (const name of groups.keys()) walk(name, [])
  return above
}

function checkHost(name: string, { line, destination }: ReadHost, fault: FileFault): void {
  if (!hostNamePattern.test(name) || name.length > limits.hostCharsMax) {
    const hint =
      'A name takes letters, digits, "_", "." and "-"; user and port go into its destination.'
    throw fault(line, `"${name.slice(0, 100)}" is not the name of a host`, hint)
  }
  if (destination === null) return
  try {
    parseDestination(destination)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    throw fault(line, `ssh cannot go there. ${thrown.message.slice(0, -1)}`)
  }
}
