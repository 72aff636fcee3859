/** What can stand in a target where somebody types: hosts, sets of hosts, groups and tags. Pure. */
import { foldHosts } from '../../../shared/host-set.ts'
import type { InventoryHost } from '../../../shared/inventory.ts'

export interface TargetOption {
  readonly kind: 'host' | 'set' | 'group' | 'tag' | 'all'
  /** As it stands in a target. */
  readonly text: string
  /** Of the hosts that it names. */
  readonly count: number
}

export interface TargetWordAt {
  /** Where the word under the cursor begins and ends. */
  readonly from: number
  readonly to: number
  /** Of the word what stands before the cursor. */
  readonly typed: string
}

const optionsMax = 8

/** Words stand between operators and blanks, but for those in brackets. */
export function wordAt(text: string, caret: number): TargetWordAt {
  let from = 0
  let to = text.length
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '[') depth++
    else if (char === ']') depth--
    if (depth > 0 || !/[\s,&!^]/.test(char)) continue
    if (at < caret) from = at + 1
    else {
      to = at
      break
    }
  }
  return { from, to, typed: text.slice(from, caret) }
}

/** The best few, those that begin with what is typed before those that hold it. */
export function optionsFor(
  typed: string,
  hosts: readonly InventoryHost[],
): readonly TargetOption[] {
  if (typed.startsWith('@')) return labels(hosts).filter(fits(typed)).slice(0, optionsMax)
  // A user stands before the name: `deploy@web-1`.
  const user = typed.slice(0, typed.lastIndexOf('@') + 1)
  const name = typed.slice(user.length)
  const named = ranked(name, hosts)
  const options = [
    ...(typed === '' ? labels(hosts).slice(0, optionsMax / 2) : []),
    ...setsOf(named.starting),
    ...[...named.starting, ...named.holding].map(
      (host): TargetOption => ({ kind: 'host', text: host, count: 1 }),
    ),
  ]
  return options
    .map((option) => ({ ...option, text: user + option.text }))
    .filter(({ text }) => text !== typed)
    .slice(0, optionsMax)
}

function ranked(name: string, hosts: readonly InventoryHost[]) {
  const wanted = name.toLowerCase()
  const names = hosts.map((host) => host.name)
  return {
    starting: names.filter((host) => host.toLowerCase().startsWith(wanted)),
    holding: names.filter((host) => host.toLowerCase().indexOf(wanted) > 0),
  }
}

/** Hosts that differ in a number only, as one: `web-[1-38]`. */
function setsOf(names: readonly string[]): readonly TargetOption[] {
  return foldHosts(names)
    .split(/,(?![^[]*\])/)
    .filter((text) => text.includes('['))
    .map((text): TargetOption => ({ kind: 'set', text, count: countOf(text, names) }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 2)
}

/** Of the names that were folded those that the set stands for. */
function countOf(set: string, names: readonly string[]): number {
  const [before = '', after = ''] = set.split(/\[[^\]]*\]/)
  const isDigits = (text: string): boolean => /^[0-9]+$/.test(text)
  return names.filter(
    (name) =>
      name.startsWith(before) &&
      name.endsWith(after) &&
      isDigits(name.slice(before.length, name.length - after.length)),
  ).length
}

function labels(hosts: readonly InventoryHost[]): readonly TargetOption[] {
  const groups = counted(hosts.flatMap((host) => host.groups))
  const tags = counted(hosts.flatMap((host) => host.tags))
  return [
    ...groups.map(([name, count]): TargetOption => ({ kind: 'group', text: `@${name}`, count })),
    ...tags.map(([name, count]): TargetOption => ({ kind: 'tag', text: `@${name}`, count })),
    ...(hosts.length > 0 ? [{ kind: 'all' as const, text: '@*', count: hosts.length }] : []),
  ]
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function fits(typed: string): (option: TargetOption) => boolean {
  const wanted = typed.toLowerCase()
  return ({ text }) => text !== typed && text.toLowerCase().startsWith(wanted)
}
