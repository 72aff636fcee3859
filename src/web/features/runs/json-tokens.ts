/** A JSON object or list as indented tokens to colour, or null when the text is none. */

export interface JsonToken {
  readonly kind: 'key' | 'text' | 'number' | 'mark'
  readonly text: string
  /** Where it starts; unique, so that it can be a key. */
  readonly at: number
}

export function jsonTokens(line: string): readonly JsonToken[] | null {
  const first = line.trimStart()[0]
  if (first !== '{' && first !== '[') return null
  const pretty = indented(line)
  if (pretty === null) return null
  const tokens: JsonToken[] = []
  for (const match of pretty.matchAll(token)) {
    const found = match[0]
    tokens.push({
      kind: kindOf(found, pretty[match.index + found.length]),
      text: found,
      at: match.index,
    })
  }
  return tokens
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[^"\d\-tfn]+|./g

function kindOf(found: string, next: string | undefined): JsonToken['kind'] {
  if (found.startsWith('"')) return next === ':' ? 'key' : 'text'
  return /^(-?\d|true|false|null)/.test(found) ? 'number' : 'mark'
}

function indented(line: string): string | null {
  try {
    return JSON.stringify(JSON.parse(line), null, 2)
  } catch {
    return null
  }
}
