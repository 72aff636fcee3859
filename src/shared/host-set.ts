/** Names of hosts folded as people write them: `web-1`, `web-2`, `web-3` as `web-[1-3]`. */

/**
 * Folds names that differ in one number, with its zeros in front. Every name stays readable off the
 * result; names are in order of their first appearance, numbers rise.
 */
export function foldHosts(names: readonly string[]): string {
  const folded: { readonly first: number; readonly text: string }[] = []
  const order = new Map([...new Set(names)].map((name, at) => [name, at]))
  let pending = [...order.keys()]
  for (let place = 0; pending.length > 0; place++) {
    const sets = setsOf(pending, place)
    pending = []
    for (const set of sets) {
      const [only, ...others] = set.members
      const first = Math.min(...set.members.map(({ name }) => order.get(name) ?? 0))
      if (others.length > 0) folded.push({ first, text: textOf(set) })
      else if (only !== undefined && set.hasNumber) pending.push(only.name)
      else folded.push({ first, text: only?.name ?? '' })
    }
  }
  return folded
    .toSorted((a, b) => a.first - b.first)
    .map(({ text }) => text)
    .join(',')
}

/** Names that are the same but for one number. */
interface NumberedSet {
  readonly before: string
  readonly after: string
  readonly hasNumber: boolean
  readonly members: { readonly name: string; readonly digits: string }[]
}

/** Sets of the names by their number at a place, counted from the end. */
function setsOf(names: readonly string[], place: number): NumberedSet[] {
  const sets = new Map<string, NumberedSet>()
  const split = names.map((name) => ({ name, ...splitAt(name, place) }))
  const padded = new Set(
    split.filter(({ digits }) => isPadded(digits)).map((part) => keyOf(part, part.digits.length)),
  )
  for (const part of split) {
    const { name, before, after, digits } = part
    const width = keyOf(part, digits.length)
    const key = digits === '' ? name : padded.has(width) ? width : keyOf(part, 0)
    const set = sets.get(key) ?? { before, after, hasNumber: digits !== '', members: [] }
    set.members.push({ name, digits })
    sets.set(key, set)
  }
  return [...sets.values()]
}

interface Split {
  readonly before: string
  readonly digits: string
  readonly after: string
}

/** Numbers beyond this length are names, not counts. */
const digitsMax = 15

function splitAt(name: string, place: number): Split {
  // The number of a port tells no hosts apart, and brackets are those of an address.
  const port = /:[0-9]+$/.exec(name)?.index ?? name.length
  const numbers = name.includes('[') ? [] : [...name.slice(0, port).matchAll(/[0-9]+/g)]
  const number = numbers.at(-1 - place)
  if (number === undefined || number[0].length > digitsMax) {
    return { before: name, digits: '', after: '' }
  }
  const end = number.index + number[0].length
  return { before: name.slice(0, number.index), digits: number[0], after: name.slice(end) }
}

function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0')
}

/** Width 0: numbers without zeros in front. Neither part holds a newline. */
function keyOf({ before, after }: Split, width: number): string {
  return `${before}\n${after}\n${width}`
}

function textOf({ before, after, members }: NumberedSet): string {
  const numbers = members
    .map(({ digits }) => ({ digits, value: Number(digits) }))
    .toSorted((a, b) => a.value - b.value)
  const ranges: { from: string; to: string; last: number }[] = []
  for (const { digits, value } of numbers) {
    const open = ranges.at(-1)
    if (open !== undefined && open.last + 1 === value) {
      open.to = digits
      open.last = value
    } else ranges.push({ from: digits, to: digits, last: value })
  }
  const texts = ranges.map(({ from, to }) => (from === to ? from : `${from}-${to}`))
  return `${before}[${texts.join(',')}]${after}`
}
