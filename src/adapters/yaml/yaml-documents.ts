/** Documents of YAML: values with the lines on which they stand. The parser is loaded with the first text. */
import type { Document, LineCounter, Node, YAMLError } from 'yaml'
import type { Documents, ReadDocument } from '../../core/saved-commands/import-documents.ts'
import { AppError } from '../../shared/errors.ts'

export const yamlDocuments: Documents = {
  read: async (text) => {
    const { LineCounter, parseAllDocuments } = await import('yaml')
    const lines = new LineCounter()
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
    const documents: Document[] = 'empty' in parsed ? [] : [...parsed]
    return documents.map((document, at) => readDocument(document, at + 1, lines)).filter(hasValue)
  },
  write: async (values) => {
    const { stringify } = await import('yaml')
    // Long commands stay on the lines on which they were written.
    return values.map((value) => stringify(value, { lineWidth: 0 })).join('---\n')
  },
}

function readDocument(document: Document, number: number, lines: LineCounter): ReadDocument {
  const [error] = document.errors
  if (error !== undefined) throw unreadable(number, error, lines)
  return { value: valueOf(document, number), lineOf: (path) => lineOf(document, path, lines) }
}

/** Names that stand for many others in turn make a value that has no end: the parser counts them. */
function valueOf(document: Document, number: number): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    const message = `Document ${number} names too many of its parts again. Nothing was stored.`
    throw new AppError('bad-request', message, { cause, hint })
  }
}

/** An empty document, as after a last `---`, holds nothing to be wrong. */
function hasValue({ value }: ReadDocument): boolean {
  return value !== null
}

function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const keys = path.slice(0, depth).map((key) => (typeof key === 'symbol' ? '' : key))
    const node = depth === 0 ? document.contents : document.getIn(keys, true)
    const start = startOf(node)
    if (start !== undefined) return lines.linePos(start).line
  }
  return 1
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  const { range } = node as Pick<Node, 'range'>
  return range?.[0]
}

function unreadable(number: number, error: YAMLError, lines: LineCounter): AppError {
  const { line } = lines.linePos(error.pos[0])
  const message = `Document ${number}, line ${line}: this is not YAML: ${error.message}. Nothing was stored.`
  return new AppError('bad-request', message.replaceAll('..', '.'), { hint })
}

const hint = 'Correct it and send the text again.'
