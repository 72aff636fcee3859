/** A YAML document read with the line of each part, so that a fault can name it. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { nearest } from '../../shared/nearest.ts'
import type { FileFault } from './inventory-parts.ts'

/** A part of a document. */
export interface YamlPlace {
  readonly line: number
  /** Throws `inventory-invalid`, as the others, when it is something else. Nothing gives no entries. */
  entries(what: string): readonly YamlEntry[]
  /** A list, or one text alone. */
  texts(what: string): readonly string[]
  text(what: string): string
  isTrue(what: string): boolean
  readonly kind: 'nothing' | 'map' | 'list' | 'text'
}

export interface YamlEntry {
  readonly key: string
  readonly value: YamlPlace
}

/** Throws `inventory-invalid` with the line of what is not YAML. */
export function readYaml(text: string, fault: FileFault): YamlPlace {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const [why = ''] = error.message.split('\n')
    throw fault(lines.linePos(error.pos[0]).line, `it is not YAML: ${why.replace(/\.$/, '')}`)
  }
  const lineOf = (node: unknown, otherwise: number): number => {
    const start = isNode(node) ? node.range?.[0] : undefined
    return start === undefined ? otherwise : lines.linePos(start).line
  }
  const place = (given: unknown, line: number): YamlPlace => {
    const node = isAlias(given) ? given.resolve(document) : given
    const textsOf = (what: string): readonly string[] => {
      if (isSeq(node)) return node.items.map((item) => place(item, lineOf(item, line)).text(what))
      return [scalar(node, line, what)]
    }
    const scalar = (value: unknown, at: number, what: string): string => {
      if (isScalar(value) && value.value !== null && value.source !== undefined) return value.source
      throw fault(at, `${what} must be a text`)
    }
    return {
      line,
      kind: kindOf(node),
      entries: (what) => {
        if (kindOf(node) === 'nothing') return []
        if (!isMap(node)) throw fault(line, `${what} must be names with a colon after each`)
        return node.items.map(({ key, value }) => {
          const at = lineOf(key, line)
          return { key: scalar(key, at, 'a name'), value: place(value, at) }
        })
      },
      texts: textsOf,
      text: (what) => scalar(node, line, what),
      isTrue: (what) => {
        if (isScalar(node) && typeof node.value === 'boolean') return node.value
        throw fault(line, `${what} must be true or false`)
      },
    }
  }
  return place(document.contents, 1)
}

/** Its entries by their names, which must be among the known ones. */
export function knownEntries(
  place: YamlPlace,
  {
    what,
    known,
    fault,
  }: { readonly what: string; readonly known: readonly string[]; readonly fault: FileFault },
): ReadonlyMap<string, YamlPlace> {
  const entries = place.entries(what)
  for (const { key, value } of entries) {
    if (known.includes(key)) continue
    const guess = nearest(key, known)
    const hint = guess === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${guess}"?`
    throw fault(value.line, `${what} has no "${key.slice(0, 100)}"`, hint)
  }
  return new Map(entries.map(({ key, value }) => [key, value]))
}

function kindOf(node: unknown): YamlPlace['kind'] {
  if (isMap(node)) return 'map'
  if (isSeq(node)) return 'list'
  return isScalar(node) && node.value !== null ? 'text' : 'nothing'
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value)
}
