/** Inventories of Ansible, in either form: ranges in names, variables of the way to a host, groups. */
import { formatDestination, parseDestination } from '../../shared/destination.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { FileFault, ReadGroup, ReadHost, ReadInventory } from './inventory-parts.ts'

export interface AnsibleGroup {
  readonly line: number
  /** Names as they are written, ranges too; `turn` says which of several places of a host is read later. */
  readonly hosts: {
    readonly name: string
    readonly line: number
    readonly turn: number
    readonly vars: Vars
  }[]
  readonly children: string[]
  readonly vars: Map<string, string>
}

export type Vars = ReadonlyMap<string, string>

/**
 * The way to a host is that of its variables `ansible_host`, `ansible_port` and `ansible_user`: its
 * own, then those of its groups, the innermost first. No other variable is looked at: none of them
 * becomes an option of ssh. The groups `all` and `ungrouped` hold what they always hold, and are none.
 */
export function readAnsible(
  groups: ReadonlyMap<string, AnsibleGroup>,
  fault: FileFault,
): ReadInventory {
  const hosts = new Map<string, Written>()
  const places = [...groups].flatMap(([group, found]) =>
    found.hosts.map((host) => ({ group, host })),
  )
  for (const { group, host } of places.toSorted((a, b) => a.host.turn - b.host.turn)) {
    addHosts(hosts, group, { ...host, fault })
  }
  const order = byDepth(groups)
  return {
    hosts: new Map(
      [...hosts].map(([name, host]) => [name, readHost(name, host, { groups, order, fault })]),
    ),
    groups: new Map(
      [...groups]
        .filter(([name]) => !isBuiltIn(name))
        .map(([name, group]) => [name, readGroup(group)]),
    ),
  }
}

interface Written {
  readonly line: number
  readonly groups: ReadonlySet<string>
  readonly vars: Vars
}

function addHosts(
  hosts: Map<string, Written>,
  group: string,
  { name, line, vars, fault }: AnsibleGroup['hosts'][number] & { readonly fault: FileFault },
): void {
  for (const host of namesOf(name, line, fault)) {
    const known = hosts.get(host)
    hosts.set(host, {
      line: known?.line ?? line,
      groups: new Set([...(known?.groups ?? []), group]),
      vars: new Map([...(known?.vars ?? []), ...vars]),
    })
  }
  if (hosts.size > limits.inventoryHostsMax) throw tooMany(line, fault)
}

interface Surroundings {
  readonly groups: ReadonlyMap<string, AnsibleGroup>
  /** Outermost first. */
  readonly order: readonly string[]
  readonly fault: FileFault
}

function readHost(name: string, host: Written, { groups, order, fault }: Surroundings): ReadHost {
  const within = new Set([...host.groups, 'all'])
  for (const group of order.toReversed()) {
    if (groups.get(group)?.children.some((child) => within.has(child))) within.add(group)
  }
  const vars = new Map<string, string>()
  for (const group of order) {
    if (within.has(group))
      for (const [key, value] of groups.get(group)?.vars ?? []) vars.set(key, value)
  }
  for (const [key, value] of host.vars) vars.set(key, value)
  return {
    line: host.line,
    destination: destinationOf(name, vars, (why) => fault(host.line, why)),
    groups: new Set([...host.groups].filter((group) => !isBuiltIn(group))),
    tags: [],
    note: null,
  }
}

function readGroup({ line, children }: AnsibleGroup): ReadGroup {
  return { line, confirm: false, children }
}

/** Each group after all that hold it; of equally deep ones as Ansible: by priority, then by name. */
function byDepth(groups: ReadonlyMap<string, AnsibleGroup>): readonly string[] {
  const depths = new Map<string, number>()
  const walk = (name: string, depth: number): void => {
    // A group that holds itself is told later, with its line.
    if (depth > groups.size || (depths.get(name) ?? -1) >= depth) return
    depths.set(name, depth)
    for (const child of groups.get(name)?.children ?? []) walk(child, depth + 1)
  }
  if (groups.has('all')) walk('all', 0)
  for (const name of groups.keys()) walk(name, name === 'all' ? 0 : 1)
  const priority = (name: string) => Number(groups.get(name)?.vars.get(priorityName) ?? 1)
  return [...depths]
    .toSorted(
      ([one, deep], [other, deeper]) =>
        deep - deeper || priority(one) - priority(other) || (one < other ? -1 : 1),
    )
    .map(([name]) => name)
}

/** A variable of a group that says whether it wins over others of its depth. */
const priorityName = 'ansible_group_priority'

function isBuiltIn(group: string): boolean {
  return group === 'all' || group === 'ungrouped'
}

function destinationOf(name: string, vars: Vars, fault: (why: string) => AppError): string | null {
  const value = (key: string) =>
    vars.get(`ansible_${key}`) ?? vars.get(`ansible_ssh_${key}`) ?? null
  const [host, user, port] = [value('host'), value('user'), value('port')]
  if (host === null && user === null && port === null) return null
  const place = `${user === null ? '' : `${user}@`}${bracketed(host ?? name, port)}`
  try {
    return formatDestination(parseDestination(port === null ? place : `${place}:${port}`))
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    throw fault(`the way to "${name.slice(0, 100)}" cannot be read. ${thrown.message.slice(0, -1)}`)
  }
}

function bracketed(host: string, port: string | null): string {
  return port !== null && host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** `web[01:50].example.com`, `db-[a:c]`, `n[1:9:2]`: both ends are in it. */
function namesOf(text: string, line: number, fault: FileFault): readonly string[] {
  const [, before = '', inside, after = ''] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(text) ?? []
  if (inside === undefined) return [text]
  const tails = namesOf(after, line, fault)
  const heads = membersOf(inside)
  if (heads === undefined) {
    throw fault(
      line,
      `"[${inside.slice(0, 40)}]" is not a range`,
      'Write it as [1:50], [01:50:2] or [a:f].',
    )
  }
  if (heads.length * tails.length > limits.inventoryHostsMax) throw tooMany(line, fault)
  return heads.flatMap((head) => tails.map((tail) => before + head + tail))
}

function membersOf(range: string): readonly string[] | undefined {
  const [, from = '', to = '', steps = '1'] =
    /^([0-9]{1,15}|[a-z]|[A-Z]):([0-9]{1,15}|[a-z]|[A-Z])(?::([0-9]{1,15}))?$/.exec(range) ?? []
  const step = Number(steps)
  if (from === '' || step < 1) return undefined
  const isNumber = /^[0-9]/.test(from)
  if (isNumber !== /^[0-9]/.test(to)) return undefined
  const [first, last] = isNumber
    ? [Number(from), Number(to)]
    : [from.charCodeAt(0), to.charCodeAt(0)]
  if (first > last) return undefined
  // One more than there may be is enough to be refused.
  const count = Math.min(Math.floor((last - first) / step) + 1, limits.inventoryHostsMax + 1)
  const width = from.startsWith('0') ? from.length : 0
  return Array.from({ length: count }, (_, at) => {
    const value = first + at * step
    return isNumber ? String(value).padStart(width, '0') : String.fromCharCode(value)
  })
}

function tooMany(line: number, fault: FileFault): AppError {
  return fault(line, `it names more than ${limits.inventoryHostsMax} hosts`)
}
