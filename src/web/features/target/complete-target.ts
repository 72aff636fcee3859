/** What the page offers where somebody types a target: what completes it, and hosts that differ in a number as one set. Pure. */
import { foldHosts } from '../../../shared/host-set.ts'
import type { InventoryHost } from '../../../shared/inventory.ts'
import { completeTarget, type TargetCandidate } from '../../../shared/target-completion.ts'

export interface TargetOption extends Omit<TargetCandidate, 'kind'> {
  readonly kind: TargetCandidate['kind'] | 'set'
}

export interface TargetOptions {
  /** Where the word under the cursor begins and ends. */
  readonly from: number
  readonly to: number
  readonly options: readonly TargetOption[]
}

const optionsMax = 8
const setsMax = 2

/** The best few. Sets stand before the hosts that they are made of. */
export function targetOptions(
  text: string,
  cursor: number,
  hosts: readonly InventoryHost[],
): TargetOptions {
  const { from, to, candidates } = completeTarget(text, cursor, { hosts })
  const typed = text.slice(from, cursor)
  const labels = candidates.filter(({ kind }) => kind !== 'host')
  const named = candidates.filter(({ kind }) => kind === 'host')
  const sets = setsOf(named.map((one) => one.text).filter((name) => name.startsWith(typed)))
  const options = [...labels, ...sets, ...named].filter((one) => one.text !== text.slice(from, to))
  return { from, to, options: options.slice(0, optionsMax) }
}

/** The largest sets of hosts that differ in a number only: `web-[1-38]`. */
function setsOf(names: readonly string[]): readonly TargetOption[] {
  return foldHosts(names)
    .split(/,(?![^[]*\])/)
    .filter((text) => text.includes('['))
    .map((text): TargetOption => ({ kind: 'set', text, hosts: countOf(text, names) }))
    .toSorted((a, b) => b.hosts - a.hosts)
    .slice(0, setsMax)
}

/** Of the names that were folded those that the set stands for. */
function countOf(set: string, names: readonly string[]): number {
  const [before = '', after = ''] = set.split(/\[[^\]]*\]/)
  return names.filter(
    (name) =>
      name.startsWith(before) &&
      name.endsWith(after) &&
      /^[0-9]+$/.test(name.slice(before.length, name.length - after.length)),
  ).length
}
