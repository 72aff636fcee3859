/** The fields of a line that is JSON or logfmt, as a tree in rows; null for any other line. Pure. */

export interface LineField {
  /** How far it stands within others. */
  readonly depth: number
  /** Its own name, or its number in a list. */
  readonly name: string
  /** As `jq` takes it: `.http.headers[0]`; of logfmt the name alone. Unique in a line. */
  readonly path: string
  /** `branch` holds others; `word` is true, false or null. */
  readonly kind: 'branch' | 'text' | 'number' | 'word'
  /** What is copied: a text without its quotes, a branch as JSON. */
  readonly value: string
  /** A part of the line by which lines with the same value are found; null when there is none. */
  readonly found: string | null
}

/** More are not shown: nobody reads them beside the log. */
export const lineFieldsMax = 500
const depthMax = 32

/** Of a line as it is shown (`visibleText`). */
export function lineFields(line: string): readonly LineField[] | null {
  const first = line.trimStart()[0]
  if (first === '{' || first === '[') return jsonFields(line)
  return logfmtFields(line)
}

function jsonFields(line: string): readonly LineField[] | null {
  let root: unknown
  try {
    root = JSON.parse(line)
  } catch {
    return null
  }
  const fields: LineField[] = []
  addChildren(fields, root, { line, depth: 0, path: '' })
  return fields.length === 0 ? null : fields
}

interface Place {
  readonly line: string
  readonly depth: number
  readonly path: string
}

function addChildren(fields: LineField[], parent: unknown, { line, depth, path }: Place): void {
  if (typeof parent !== 'object' || parent === null || depth >= depthMax) return
  const isList = Array.isArray(parent)
  for (const [name, value] of Object.entries(parent)) {
    if (fields.length >= lineFieldsMax) return
    const step = isList ? `[${name}]` : stepOf(name)
    const below = { line, depth: depth + 1, path: path + step }
    const kind = kindOf(value)
    const written = JSON.stringify(value)
    fields.push({
      depth,
      name,
      path: isList && path === '' ? `.${below.path}` : below.path,
      kind,
      value: typeof value === 'string' ? value : written,
      found: kind === 'branch' ? null : findIn(line, isList ? null : name, written),
    })
    addChildren(fields, value, below)
  }
}

function stepOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function kindOf(value: unknown): LineField['kind'] {
  if (typeof value === 'object' && value !== null) return 'branch'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'word'
}

/** With its name, as programs write it with a space or without one; a value in a list stands alone. */
function findIn(line: string, name: string | null, value: string): string | null {
  if (name === null) return line.includes(value) ? value : null
  const key = JSON.stringify(name)
  const written = [`${key}:${value}`, `${key}: ${value}`, `${key} : ${value}`]
  return written.find((text) => line.includes(text)) ?? null
}

const pair = /(?:^|\s)([A-Za-z_][\w.@/-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/g
/** One pair alone is found in prose as well. */
const pairsMin = 2

function logfmtFields(line: string): readonly LineField[] | null {
  const fields: LineField[] = []
  for (const match of line.matchAll(pair)) {
    if (fields.length >= lineFieldsMax) break
    const [, name = '', written = ''] = match
    const value = written.startsWith('"') ? unquoted(written) : written
    const kind = /^-?\d+(?:\.\d+)?$/.test(value) ? 'number' : 'text'
    if (fields.some(({ path }) => path === name)) continue
    fields.push({ depth: 0, name, path: name, kind, value, found: `${name}=${written}` })
  }
  return fields.length < pairsMin ? null : fields
}

function unquoted(written: string): string {
  try {
    return String(JSON.parse(written))
  } catch {
    return written.slice(1, -1)
  }
}
