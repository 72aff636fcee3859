/** What can go on where somebody writes a target: hosts, groups and tags of the inventory. */
import type { Inventory } from './inventory.ts'

export interface TargetCompletion {
  /** The part of the text, from `from` to before `to`, that a candidate stands in for. */
  readonly from: number
  readonly to: number
  readonly candidates: readonly TargetCandidate[]
}

export interface TargetCandidate {
  readonly kind: 'all' | 'group' | 'tag' | 'host'
  /** As it is written in the target: `@web`, `web-1`, `deploy@web-1`. */
  readonly text: string
  /** So many hosts it names. */
  readonly hosts: number
}

/**
 * Of the word at the cursor: what begins with it, groups and tags before hosts, by name; then, for a
 * word without sign, hosts and groups that have it within. Words that are in the target already, and
 * the inside of brackets, are not completed.
 */
export function completeTarget(
  text: string,
  cursor: number,
  inventory: Inventory,
): TargetCompletion {
  const { from, to } = wordAt(text, cursor)
  const typed = text.slice(from, cursor)
  if (/\[[^\]]*$/.test(typed)) return { from, to, candidates: [] }
  const taken = new Set([text.slice(0, from), text.slice(to)].flatMap(wordsOf))
  const candidates = candidatesFor(typed, inventory).filter((one) => !taken.has(one.text))
  return { from, to, candidates }
}

/** The word around the cursor; brackets hold their commas together. */
function wordAt(text: string, cursor: number): { readonly from: number; readonly to: number } {
  for (const { 0: word, index } of text.matchAll(wordPattern)) {
    if (index <= cursor && cursor <= index + word.length) {
      return { from: index, to: index + word.length }
    }
  }
  return { from: cursor, to: cursor }
}

function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(wordPattern)].map(([word]) => word)
}

const wordPattern = /(?:\[[^\]]*(?:\]|$)|[^\s,&!^[])+/g

function candidatesFor(typed: string, inventory: Inventory): readonly TargetCandidate[] {
  const labels = labelsOf(inventory)
  const label = /^(?:[^@]+@)?(?=@)/.exec(typed)
  if (label !== null) {
    const asUser = labels.map((one) => ({ ...one, text: label[0] + one.text }))
    return asUser.filter(({ text }) => text.startsWith(typed))
  }
  const user = typed.slice(0, typed.lastIndexOf('@') + 1)
  const name = typed.slice(user.length)
  const hosts = inventory.hosts
    .map((host): TargetCandidate => ({ kind: 'host', text: user + host.name, hosts: 1 }))
    .toSorted(byText)
  const first = hosts.filter(({ text }) => text.startsWith(typed))
  if (user !== '') return first
  if (name === '') return [...labels, ...first]
  const groups = labels.filter(({ text }) => text.startsWith(`@${name}`))
  const within = hosts.filter(({ text }) => !text.startsWith(typed) && text.includes(name))
  return [...groups, ...first, ...within]
}

/** `@*` first, then groups, then tags. */
function labelsOf({ hosts }: Inventory): readonly TargetCandidate[] {
  if (hosts.length === 0) return []
  const count = (kind: 'group' | 'tag', labels: readonly string[]): readonly TargetCandidate[] => {
    const counts = new Map<string, number>()
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
    return [...counts]
      .map(([label, size]) => ({ kind, text: `@${label}`, hosts: size }))
      .toSorted(byText)
  }
  const all: TargetCandidate = { kind: 'all', text: '@*', hosts: hosts.length }
  const groups = count(
    'group',
    hosts.flatMap((host) => host.groups),
  )
  const tags = count(
    'tag',
    hosts.flatMap((host) => host.tags),
  )
  return [all, ...groups, ...tags]
}

/** `web-2` before `web-10`. */
function byText(a: TargetCandidate, b: TargetCandidate): number {
  return collator.compare(a.text, b.text)
}

const collator = new Intl.Collator('en', { numeric: true })
