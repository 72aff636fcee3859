/** Which entries of the palette fit what is typed, and which of them fit best. Pure. */

/** What can be ranked: only the text counts, and its place among the others. */
export interface Rankable {
  readonly group: string
  readonly text: string
}

export interface Ranked<T> {
  readonly entry: T
  /** Where the typed words stand in the text: from, to before. In order, without overlap. */
  readonly marks: readonly Mark[]
}

export type Mark = readonly [from: number, to: number]

export interface RankedGroup<T> {
  readonly group: string
  /** The best first, at most as many as were asked for. */
  readonly ranked: readonly Ranked<T>[]
  /** How many fit, shown or not. */
  readonly count: number
}

/**
 * The entries in which every typed word is found, by group. What begins with a word goes before what
 * has it at the start of an inner word, then inside one, then as first letters (`wl`: Wrap long lines).
 * Equals keep the order in which they came; the group with the best entry is first.
 */
export function rank<T extends Rankable>(
  entries: readonly T[],
  typed: string,
  mostPerGroup: number,
): readonly RankedGroup<T>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const scored = entries.flatMap((entry) => {
    const found = words.map((word) => findWord(entry.text.toLowerCase(), word))
    const fits = found.filter((each) => each !== null)
    if (fits.length < words.length) return []
    const score = fits.reduce((sum, fit) => sum + fit.score, 0)
    return [{ entry, score, marks: joined(fits.flatMap(({ marks }) => marks)) }]
  })
  const groups = new Map<string, typeof scored>()
  for (const each of scored.toSorted(byScore)) {
    const group = groups.get(each.entry.group)
    if (group === undefined) groups.set(each.entry.group, [each])
    else group.push(each)
  }
  return [...groups].map(([group, ranked]) => ({
    group,
    count: ranked.length,
    ranked: ranked.slice(0, mostPerGroup).map(({ entry, marks }) => ({ entry, marks })),
  }))
}

interface Fit {
  /** Lower is better. */
  readonly score: number
  readonly marks: readonly Mark[]
}

function byScore(a: { readonly score: number }, b: { readonly score: number }): number {
  return a.score - b.score
}

function findWord(text: string, word: string): Fit | null {
  const first = text.indexOf(word)
  if (first === 0) return { score: text.length === word.length ? 0 : 1, marks: [[0, word.length]] }
  for (let at = first; at > 0; at = text.indexOf(word, at + 1)) {
    if (isWordStart(text, at)) return { score: 2, marks: [[at, at + word.length]] }
  }
  if (first > 0) return { score: 3, marks: [[first, first + word.length]] }
  const initials = findInitials(text, word)
  return initials === null ? null : { score: 4, marks: initials }
}

/** Each letter begins a word, or goes on right after the one before. */
function findInitials(text: string, word: string): readonly Mark[] | null {
  const marks: Mark[] = []
  let next = 0
  for (const letter of word) {
    const isNext = next > 0 && text.startsWith(letter, next)
    const at = isNext ? next : nextInitial(text, letter, next)
    if (at < 0) return null
    marks.push([at, at + letter.length])
    next = at + letter.length
  }
  return marks
}

function nextInitial(text: string, letter: string, from: number): number {
  let at = text.indexOf(letter, from)
  while (at > 0 && !isWordStart(text, at)) at = text.indexOf(letter, at + 1)
  return at
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s\-_./:@,;|=("'‘“]/.test(text.charAt(at - 1))
}

function joined(marks: readonly Mark[]): readonly Mark[] {
  const result: Mark[] = []
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last === undefined || from > last[1]) result.push([from, to])
    else result[result.length - 1] = [last[0], Math.max(last[1], to)]
  }
  return result
}
