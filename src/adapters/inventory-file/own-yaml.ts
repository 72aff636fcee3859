/** The YAML form of Farglass itself: hosts and groups (docs/guide/inventory.md). */
import { AppError } from '../../shared/errors.ts'
import { namesOf, parsePattern } from '../../shared/host-pattern.ts'
import { limits } from '../../shared/limits.ts'
import { groupNameSchema, tagSchema } from '../../shared/protocol/host-requests.ts'
import type { FileFault, ReadGroup, ReadHost, ReadInventory } from './inventory-parts.ts'
import { knownEntries, type YamlPlace } from './yaml-places.ts'

/** Throws `inventory-invalid`. */
export function readOwnYaml(root: YamlPlace, fault: FileFault): ReadInventory {
  const parts = knownEntries(root, { what: 'the file', known: ['hosts', 'groups'], fault })
  const hosts = new Map<string, ReadHost>()
  for (const { key, value } of parts.get('hosts')?.entries('"hosts"') ?? []) {
    const names = written(key, value.line, fault)
    for (const [name, host] of readHosts(names, value, fault)) {
      if (hosts.has(name)) throw fault(value.line, `the host "${name}" is there already`)
      hosts.set(name, host)
    }
    if (hosts.size > limits.inventoryHostsMax) {
      throw fault(value.line, `it names more than ${limits.inventoryHostsMax} hosts`)
    }
  }
  const groups = new Map<string, ReadGroup>()
  for (const { key, value } of parts.get('groups')?.entries('"groups"') ?? []) {
    const { members, group } = readGroup(groupName(key, value.line, fault), value, fault)
    groups.set(key, group)
    for (const name of members) hosts.set(name, withGroup(hosts.get(name), key, value.line))
  }
  return { hosts, groups }
}

function readHosts(
  names: readonly string[],
  place: YamlPlace,
  fault: FileFault,
): readonly (readonly [string, ReadHost])[] {
  const what = `the host "${names[0] ?? ''}"`
  const known = ['destination', 'groups', 'tags', 'note'] as const
  const fields = knownEntries(place, { what, known, fault })
  const destination = fields.get('destination')
  const places =
    destination === undefined
      ? []
      : written(destination.text('"destination"'), destination.line, fault)
  if (destination !== undefined && places.length !== names.length) {
    const why = `there are ${names.length} hosts and ${places.length} destinations`
    throw fault(destination.line, why, 'Write as many, as web-[1-3] and 10.0.0.[11-13].')
  }
  const { line } = place
  const groups = fields.get('groups')
  const read = (groups?.texts('"groups"') ?? []).map((name) =>
    groupName(name, groups?.line ?? line, fault),
  )
  const shared = {
    line,
    groups: new Set(read),
    tags: tagsOf(fields.get('tags'), fault),
    note: noteOf(fields.get('note'), fault),
  }
  return names.map((name, at) => [name, { ...shared, destination: places[at] ?? null }])
}

/** As `[env:prod, zone:eu]`, or as `{env: prod, zone: eu}`. */
function tagsOf(place: YamlPlace | undefined, fault: FileFault): readonly string[] {
  if (place === undefined) return []
  const texts =
    place.kind === 'map'
      ? place
          .entries('"tags"')
          .flatMap(({ key, value }) =>
            value.texts(`the tag "${key}"`).map((text) => `${key}:${text}`),
          )
      : place.texts('"tags"')
  for (const text of texts) {
    const { success } = tagSchema.safeParse(text)
    if (!success) throw fault(place.line, `"${text.slice(0, 100)}" is not a tag as env:prod`)
  }
  return texts
}

function noteOf(place: YamlPlace | undefined, fault: FileFault): string | null {
  const note = place?.text('"note"') ?? null
  if (place !== undefined && note !== null && note.length > limits.noteCharsMax) {
    throw fault(place.line, `the note is longer than ${limits.noteCharsMax} characters`)
  }
  return note
}

interface GroupWithMembers {
  readonly members: readonly string[]
  readonly group: ReadGroup
}

/** A list of hosts, or more: hosts, groups within it, and whether people are asked once more. */
function readGroup(name: string, place: YamlPlace, fault: FileFault): GroupWithMembers {
  const { line } = place
  const members = (from: YamlPlace | undefined) =>
    from?.texts(`the hosts of "${name}"`).flatMap((text) => written(text, from.line, fault)) ?? []
  if (place.kind === 'list' || place.kind === 'text') {
    return { members: members(place), group: { line, confirm: false, children: [] } }
  }
  const what = `the group "${name}"`
  const fields = knownEntries(place, { what, known: ['hosts', 'groups', 'confirm'], fault })
  const children = fields.get('groups')?.texts(`the groups of "${name}"`) ?? []
  const confirm = fields.get('confirm')?.isTrue('"confirm"') ?? false
  for (const child of children) groupName(child, fields.get('groups')?.line ?? line, fault)
  return { members: members(fields.get('hosts')), group: { line, confirm, children } }
}

function withGroup(host: ReadHost | undefined, group: string, line: number): ReadHost {
  const known = host ?? { line, destination: null, groups: new Set(), tags: [], note: null }
  return { ...known, groups: new Set([...known.groups, group]) }
}

function groupName(name: string, line: number, fault: FileFault): string {
  const { success } = groupNameSchema.safeParse(name)
  if (success) return name
  throw fault(line, `"${name.slice(0, 100)}" is not the name of a group`)
}

/** Ranges of a name written out, as in a target. */
function written(text: string, line: number, fault: FileFault): readonly string[] {
  try {
    const pattern = parsePattern(text, 0)
    if (pattern.count > limits.inventoryHostsMax) {
      throw fault(
        line,
        `"${text.slice(0, 100)}" stands for more than ${limits.inventoryHostsMax} hosts`,
      )
    }
    return [...namesOf(pattern)]
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'inventory-invalid') throw thrown
    throw fault(line, `"${text.slice(0, 100)}": ${thrown.message.slice(0, -1)}`, thrown.hint)
  }
}
