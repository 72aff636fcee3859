/**
 * A regular expression for one line, written so that it can look through many lines at once. What it
 * finds there only tells the next line that may match: `^` and `$` also hold beside rarer line ends,
 * so that line is to be tested by itself. No line before it matches.
 */
import { compilePattern, type TextPattern } from './text-pattern.ts'

/**
 * Null where that cannot be: something in it looks beyond the line, or could run through all of them.
 * Throws `bad-pattern`.
 */
export function compileForLines(pattern: TextPattern): RegExp | null {
  const { flags } = compilePattern(pattern)
  const source = withinLine(pattern.text)
  if (source === null) return null
  try {
    return new RegExp(source, `${flags}m`)
  } catch {
    return null
  }
}

/**
 * The source with `[^…]`, `\s` and `\D` kept from matching a newline. A line holds none, so nothing is
 * lost. A negative look around must go: it may fail because of the next line.
 */
function withinLine(source: string): string | null {
  if (/\(\?<?!/.test(source)) return null
  let written = ''
  for (const [token, escaped, body] of source.matchAll(tokens)) {
    if (escaped !== undefined) {
      if (!isSafeEscape.test(escaped)) return null
      written += rewritten.get(escaped) ?? token
    } else if (body === undefined) {
      written += token
    } else {
      const inside = classWithinLine(body)
      if (inside === null) return null
      written += inside
    }
  }
  return written
}

/** An escape, a class, or one other character. */
const tokens = /\\(.)|\[((?:\\.|[^\]\\])*)\]|[^]/gsu

/** No digits above 0: they go back to what was found. */
const isSafeEscape = /^[dDwWsSbBtvfrk1-9]$|^[^A-Za-z0-9]$/u

const rewritten: ReadonlyMap<string, string> = new Map([
  ['s', String.raw`[^\S\n]`],
  ['D', String.raw`[^\d\n]`],
])

function classWithinLine(body: string): string | null {
  if (!body.startsWith('^')) return isSafeClass.test(body) ? `[${body}]` : null
  const rest = body.slice(1)
  // A minus at the start is itself; after the newline it would begin a range.
  return String.raw`[^\n${rest.startsWith('-') ? String.raw`\-${rest.slice(1)}` : rest}]`
}

/** Characters, ranges between such that are no control characters, digits and word characters. */
const isSafeClass = /^(?:[^\\\p{Cc}]|\\[dwtvfr]|\\[^A-Za-z0-9])*$/u
