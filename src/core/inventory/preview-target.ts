/** What a target names, told before anything runs on it. */
import { type Destination, formatDestination, parseDestination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { foldHosts } from '../../shared/host-set.ts'
import type { TargetPreview } from '../../shared/protocol/hosts.ts'
import { parseTarget, selectHosts } from '../../shared/target.ts'
import type { KnownHost, KnownHosts } from './inventory.ts'

/** What is wrong with the expression is told, not thrown. */
export function previewTarget(expression: string, known: KnownHosts): TargetPreview {
  try {
    const hosts = selectHosts(parseTarget(expression), known)
    return {
      hosts,
      count: hosts.length,
      folded: foldHosts(hosts),
      confirm: confirmed(hosts, known),
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const { message, hint } = thrown
    return { hosts: [], count: 0, folded: '', confirm: [], complaint: { message, hint } }
  }
}

/** Also when a host is named with another user or port, or by the address that the inventory has for it. */
function confirmed(hosts: readonly string[], known: KnownHosts): readonly string[] {
  if (known.groups.every(({ confirm }) => !confirm)) return []
  const parsed = hosts.map(parseDestination)
  const names = new Set([...hosts, ...parsed.map(({ name }) => name)])
  const places = new Set(parsed.map(placeOf))
  const isMeant = ({ name, destination }: KnownHost): boolean =>
    names.has(name) || (destination !== null && places.has(placeOf(parseDestination(destination))))
  const used = new Set(known.hosts.filter(isMeant).flatMap(({ groups }) => groups))
  return known.groups
    .filter(({ name, confirm }) => confirm && used.has(name))
    .map(({ name }) => name)
}

/** Whoever signs in there. */
function placeOf(destination: Destination): string {
  return formatDestination({ ...destination, user: null })
}
