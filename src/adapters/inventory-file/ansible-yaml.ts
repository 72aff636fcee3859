/** Inventories of Ansible in their YAML form: groups, each with hosts, children and variables. */
import { type AnsibleGroup, readAnsible, type Vars } from './ansible-hosts.ts'
import type { FileFault, ReadInventory } from './inventory-parts.ts'
import { knownEntries, type YamlEntry, type YamlPlace } from './yaml-places.ts'

/** Throws `inventory-invalid`. */
export function readAnsibleYaml(root: YamlPlace, fault: FileFault): ReadInventory {
  const groups = new Map<string, AnsibleGroup>()
  let turns = 0
  const walk = { depth: 0, fault, nextTurn: () => turns++ }
  for (const entry of root.entries('the file')) addGroup(groups, entry, walk)
  return readAnsible(groups, fault)
}

interface Walk {
  readonly depth: number
  readonly fault: FileFault
  readonly nextTurn: () => number
}

/** Deeper than anybody nests groups; a document can hold itself. */
const depthMax = 32

/** As Ansible, groups within it before its own hosts, wherever they are written. */
function addGroup(
  groups: Map<string, AnsibleGroup>,
  { key: name, value }: YamlEntry,
  walk: Walk,
): void {
  const { depth, fault, nextTurn } = walk
  const { line } = value
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    throw fault(line, `"${name.slice(0, 100)}" is not the name of a group`)
  }
  if (depth > depthMax) throw fault(line, `groups lie deeper than ${depthMax} in each other`)
  const group: AnsibleGroup = groups.get(name) ?? { line, hosts: [], children: [], vars: new Map() }
  groups.set(name, group)
  const what = `the group "${name}"`
  const fields = knownEntries(value, { what, known: ['hosts', 'children', 'vars'], fault })
  for (const [key, text] of fields.has('vars') ? varsOf(fields.get('vars')) : []) {
    group.vars.set(key, text)
  }
  for (const child of fields.get('children')?.entries(`the children of "${name}"`) ?? []) {
    group.children.push(child.key)
    addGroup(groups, child, { ...walk, depth: depth + 1 })
  }
  for (const host of fields.get('hosts')?.entries(`the hosts of "${name}"`) ?? []) {
    const { key, value: place } = host
    group.hosts.push({ name: key, line: place.line, turn: nextTurn(), vars: varsOf(place) })
  }
}

/** Those that are texts: the way to a host is told by such alone. */
function varsOf(place: YamlPlace | undefined): Vars {
  if (place?.kind !== 'map') return new Map()
  return new Map(
    place
      .entries('variables')
      .filter(({ value }) => value.kind === 'text')
      .map(({ key, value }) => [key, value.text(`"${key}"`)]),
  )
}
