/** The hosts of a run: its target looked up in the inventory, each with the way to it. */
import { type Destination, formatDestination, parseDestination } from '../../shared/destination.ts'
import type { Task } from '../../shared/run.ts'
import { parseTarget, selectHosts } from '../../shared/target.ts'
import type { HostInventory, KnownHost } from '../inventory/inventory.ts'

export type RunHost = Pick<Task, 'host' | 'destination'>

/** Rejects with `bad-target`. */
export async function hostsOfTarget(
  target: string,
  inventory: HostInventory,
): Promise<readonly RunHost[]> {
  const expression = parseTarget(target)
  const known = await inventory.read()
  const byName = new Map(known.hosts.map((host) => [host.name, host]))
  return selectHosts(expression, known).map((host) => {
    const destination = destinationOf(host, byName)
    return destination === null ? { host } : { host, destination }
  })
}

/** Where ssh goes for a task. */
export function taskDestination({ host, destination }: RunHost): Destination {
  return parseDestination(destination ?? host)
}

/** What the inventory says of the name; user and port that are written beside it win. */
function destinationOf(host: string, known: ReadonlyMap<string, KnownHost>): string | null {
  const exact = known.get(host)
  if (exact !== undefined) return exact.destination
  const { user, name, port } = parseDestination(host)
  const there = known.get(name)?.destination ?? null
  if (there === null) return null
  const base = parseDestination(there)
  return formatDestination({ name: base.name, user: user ?? base.user, port: port ?? base.port })
}
