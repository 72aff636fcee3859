/** Inventories of Ansible in their YAML form: groups, each with hosts, children and variables. */
import { type AnsibleGroup, readAnsible, type Vars } from './ansible-hosts.ts'
import type { FileFault, ReadInventory } from './inventory-parts.ts'
import { knownEntries, type YamlEntry, type YamlPlace } from './yaml-places.ts'

/** Throws `inventory-invalid`. */
export function readAnsibleYaml(root: YamlPlace, fault: FileFault): ReadInventory {
  const groups = new Map<string, AnsibleGroup>()
  for (const entry of root.entries('the file')) addGroup(groups, entry, { depth: 0, fault })
  return readAnsible(groups, fault)
}

/** Deeper than anybody nests groups; a document can hold itself. */
const depthMax = 32

function addGroup(
  groups: Map<string, AnsibleGroup>,
  { key: name, value }: YamlEntry,
  { depth, fault }: { readonly depth: number; readonly fault: FileFault },
): void {
  const { line } = value
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    throw fault(line, `"${name.slice(0, 100)}" is not the name of a group`)
  }
  if (depth > depthMax) throw fault(line, `groups lie deeper than ${depthMax} in each other`)
  const group: AnsibleGroup = groups.get(name) ?? { line, hosts: [], children: [], vars: new Map() }
  groups.set(name, group)
  const what = `the group "${name}"`
  const fields = knownEntries(value, { what, known: ['hosts', 'children', 'vars'], fault })
  for (const host of fields.get('hosts')?.entries(`the hosts of "${name}"`) ?? []) {
    group.hosts.push({ name: host.key, line: host.value.line, vars: varsOf(host.value) })
  }
  for (const [key, text] of fields.has('vars') ? varsOf(fields.get('vars')) : []) {
    group.vars.set(key, text)
  }
  for (const child of fields.get('children')?.entries(`the children of "${name}"`) ?? []) {
    group.children.push(child.key)
    addGroup(groups, child, { depth: depth + 1, fault })
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
