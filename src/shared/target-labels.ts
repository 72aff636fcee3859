/** The hosts of a group or tag of a target. */
import type { AppError } from './errors.ts'
import { type HostPattern, matchesGlob, namesOf } from './host-pattern.ts'
import type { Inventory, InventoryHost } from './inventory.ts'
import { nearest } from './nearest.ts'
import { targetFault } from './target-fault.ts'
import type { TargetWord } from './target-words.ts'

/** A group, or a tag as `env:prod`; ranges and `*` as in names of hosts. */
export interface Label {
  readonly kind: 'group' | 'tag'
  readonly pattern: HostPattern
}

/** Throws `bad-target` for a name that no host has: what is misspelled takes part in no set. */
export function labelledHosts(
  { kind, pattern }: Label,
  { text, at }: TargetWord,
  { hosts }: Inventory,
): Iterable<string> {
  const names = [...namesOf(pattern)]
  if (pattern.isGlob) {
    const isWanted = (label: string) => names.some((name) => matchesGlob(label, name))
    const found = hosts.filter((host) => labelsOf(host, kind).some(isWanted))
    if (found.length === 0) {
      throw targetFault(at, `no ${kind} matches "${text}"`, knownHint(kind, hosts))
    }
    return found.map(({ name }) => name)
  }
  const members = membersOf(kind, hosts)
  return names.flatMap((name) => {
    const found = members.get(name)
    if (found === undefined) throw unknown({ kind, name, at }, hosts)
    return found
  })
}

function membersOf(
  kind: Label['kind'],
  hosts: readonly InventoryHost[],
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>()
  for (const host of hosts) {
    for (const label of labelsOf(host, kind)) {
      const known = members.get(label)
      if (known === undefined) members.set(label, [host.name])
      else known.push(host.name)
    }
  }
  return members
}

function labelsOf(host: InventoryHost, kind: Label['kind']): readonly string[] {
  return kind === 'group' ? host.groups : host.tags
}

interface Missing {
  readonly kind: Label['kind']
  readonly name: string
  readonly at: number
}

function unknown({ kind, name, at }: Missing, hosts: readonly InventoryHost[]): AppError {
  const why = kind === 'group' ? `there is no group "@${name}"` : `no host has the tag "@${name}"`
  if (kind === 'group' && hosts.some((host) => host.name === name)) {
    return targetFault(at, why, `A host is named without "@": ${name}.`)
  }
  const guess = nearest(name, knownOf(kind, hosts))
  if (guess !== undefined) return targetFault(at, why, `Did you mean "@${guess}"?`)
  const [group = ''] = name.split(':')
  if (kind === 'tag' && knownOf('group', hosts).includes(group)) {
    return targetFault(at, why, `A group takes no port and no more after its name: @${group}.`)
  }
  return targetFault(at, why, knownHint(kind, hosts))
}

function knownOf(kind: Label['kind'], hosts: readonly InventoryHost[]): readonly string[] {
  return [...new Set(hosts.flatMap((host) => labelsOf(host, kind)))].toSorted()
}

/** As many as one reads. */
const namedMax = 12

function knownHint(kind: Label['kind'], hosts: readonly InventoryHost[]): string {
  const known = knownOf(kind, hosts).map((name) => `@${name}`)
  if (known.length === 0) return `No host has a ${kind} yet: see "farglass hosts".`
  const more = known.length > namedMax ? ` and ${known.length - namedMax} more` : ''
  return `Known: ${known.slice(0, namedMax).join(', ')}${more}.`
}
