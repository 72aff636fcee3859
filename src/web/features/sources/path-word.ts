/** The path among several at which somebody types; one with a blank stands in quotes. Pure. */

export interface PathWordAt {
  readonly from: number
  readonly to: number
  /** Of the path what stands before the cursor. */
  readonly typed: string
}

export function pathWordAt(text: string, caret: number): PathWordAt {
  for (const match of text.matchAll(/"[^"]*"?|[^\s"]+/g)) {
    const from = match.index
    const to = from + match[0].length
    if (caret <= from || caret > to) continue
    const start = match[0].startsWith('"') ? from + 1 : from
    return { from, to, typed: text.slice(start, caret).replace(/"$/, '') }
  }
  return { from: caret, to: caret, typed: '' }
}

/** As it stands in the field, and how many of its last characters the cursor stands before: a directory is gone into. */
export function pathText(path: string): { readonly text: string; readonly back: number } {
  if (!/\s/.test(path)) return { text: path, back: 0 }
  return { text: `"${path}"`, back: path.endsWith('/') ? 1 : 0 }
}
