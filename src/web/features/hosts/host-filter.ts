/** Which hosts of the inventory are shown, what the last check says of each, and the labels that they have. Pure. */
import type { HostEntry, KeptCheck } from '../../../shared/protocol/hosts.ts'
import type { Tone } from '../runs/tones.ts'

export type CheckState = 'none' | 'ready' | 'plain' | 'unreachable' | 'key' | 'login' | 'failed'

/** What stands in the way first, as the way is gone. */
export function checkStateOf(check: KeptCheck | null): CheckState {
  if (check === null) return 'none'
  if (check.ok) return check.durable === false ? 'plain' : 'ready'
  if (check.reachable === false) return 'unreachable'
  if (check.keyKnown === false) return 'key'
  return check.signsIn === false ? 'login' : 'failed'
}

export const checkTones: Readonly<Record<CheckState, Tone>> = {
  none: 'off',
  ready: 'ok',
  plain: 'warn',
  unreachable: 'err',
  key: 'warn',
  login: 'err',
  failed: 'err',
}

/** A group as `@web` or a tag as `@env:prod`, as a target names it. */
export interface HostLabel {
  readonly text: string
  readonly count: number
}

/** Groups, then tags, each by name. */
export function labelsOf(hosts: readonly HostEntry[]): readonly HostLabel[] {
  const count = (names: readonly string[]): readonly HostLabel[] => {
    const counts = new Map<string, number>()
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    return [...counts].map(([name, all]) => ({ text: `@${name}`, count: all })).toSorted(byText)
  }
  return [
    ...count(hosts.flatMap(({ groups }) => groups)),
    ...count(hosts.flatMap(({ tags }) => tags)),
  ]
}

export interface HostWish {
  /** Anywhere in the name, destination or note. */
  readonly text: string
  /** Of `labelsOf`; null for all. */
  readonly label: string | null
}

export function hostsLike(
  hosts: readonly HostEntry[],
  { text, label }: HostWish,
): readonly HostEntry[] {
  const wanted = text.trim().toLowerCase()
  return hosts.filter(({ name, destination, note, groups, tags }) => {
    if (label !== null && ![...groups, ...tags].includes(label.slice(1))) return false
    return [name, destination ?? '', note ?? ''].some((part) => part.toLowerCase().includes(wanted))
  })
}

function byText(a: HostLabel, b: HostLabel): number {
  return a.text < b.text ? -1 : 1
}
