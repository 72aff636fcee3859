/** Names of hosts folded as people write them, and as `parseTarget` reads them: `web-[1-3]`, `rack[1-2]n[1-4]`. */
import { digitsMax, foldNumbers, isPadded } from './number-range.ts'

/**
 * Folds names that are the same but for numbers, with their zeros in front. Each name can be read off
 * the result; names are in order of their first appearance, numbers rise.
 */
export function foldHosts(names: readonly string[]): string {
  const alike = new Map<string, Block[]>()
  for (const [first, name] of [...new Set(names)].entries()) {
    const { texts, digits } = splitName(name)
    const key = texts.join('\n')
    const blocks = alike.get(key)
    const block = { first, texts, axes: digits.map((number) => [number]) }
    if (blocks === undefined) alike.set(key, [block])
    else blocks.push(block)
  }
  return [...alike.values()]
    .flatMap(folded)
    .toSorted((a, b) => a.first - b.first)
    .map(textOf)
    .join(',')
}

/** Names with the same texts, and in the places between them every combination of some numbers. */
interface Block {
  /** Place of its first name. */
  readonly first: number
  /** One more than there are axes. */
  readonly texts: readonly string[]
  readonly axes: readonly (readonly string[])[]
}

/** Blocks that are the same but for one axis become one; the last axis first, as hosts are counted. */
function folded(blocks: readonly Block[]): readonly Block[] {
  const axes = blocks[0]?.axes.length ?? 0
  let left = blocks
  for (let axis = axes - 1; axis >= 0; axis--) left = foldedAlong(axis, left)
  return left
}

/** Each axis is folded once, so every block still has one number in this one. */
function foldedAlong(axis: number, blocks: readonly Block[]): readonly Block[] {
  const keyed = blocks.map((block) => {
    const [number = ''] = block.axes[axis] ?? []
    const others = block.axes.map((each, index) => (index === axis ? '' : each.join())).join('\n')
    return { block, number, others, sameWidth: `${others}\n${number.length}` }
  })
  // Where one of a width has zeros in front, 10 goes with 09 and not with 9.
  const withZeros = new Set(
    keyed.filter(({ number }) => isPadded(number)).map(({ sameWidth }) => sameWidth),
  )
  const sets = new Map<string, Block[]>()
  for (const { block, others, sameWidth } of keyed) {
    const key = withZeros.has(sameWidth) ? sameWidth : others
    const set = sets.get(key)
    if (set === undefined) sets.set(key, [block])
    else set.push(block)
  }
  return [...sets.values()].flatMap((set) => joined(axis, set))
}

function joined(axis: number, set: readonly Block[]): readonly Block[] {
  const [block] = set
  if (block === undefined || set.length === 1) return set
  const numbers = set
    .flatMap((each) => each.axes[axis] ?? [])
    .toSorted((a, b) => Number(a) - Number(b))
  const axes = block.axes.map((each, index) => (index === axis ? numbers : each))
  return [{ ...block, axes, first: Math.min(...set.map(({ first }) => first)) }]
}

interface SplitName {
  readonly texts: readonly string[]
  readonly digits: readonly string[]
}

function splitName(name: string): SplitName {
  // Brackets are those of an address, and so are several colons; a port tells no hosts apart.
  const isAddress = name.includes('[') || name.split(':').length > 2
  const end = isAddress ? 0 : (/:[0-9]+$/.exec(name)?.index ?? name.length)
  const start = name.lastIndexOf('@') + 1
  const texts: string[] = []
  const digits: string[] = []
  let rest = 0
  for (const { 0: number, index } of name.slice(0, end).matchAll(/[0-9]+/g)) {
    // Part of the user, and no number of a host; or a name, as nobody counts so far.
    if (index < start || number.length > digitsMax) continue
    texts.push(name.slice(rest, index))
    digits.push(number)
    rest = index + number.length
  }
  return { texts: [...texts, name.slice(rest)], digits }
}

function textOf({ texts, axes }: Block): string {
  const parts = axes.map((numbers, axis) => {
    const [only = '', ...more] = numbers
    return `${texts[axis] ?? ''}${more.length === 0 ? only : `[${foldNumbers(numbers)}]`}`
  })
  return parts.join('') + (texts.at(-1) ?? '')
}
