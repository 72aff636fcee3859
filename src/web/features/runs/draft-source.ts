/** What is typed into the command bar as a source, and a source as it would be typed. */
import type { Source } from '../../../shared/run.ts'

export type SourceKind = Source['kind']

export const sourceKinds: readonly SourceKind[] = ['command', 'files', 'journal', 'container']

/** Paths stand between blanks; one that holds a blank stands in quotes. */
export function sourceOf(kind: SourceKind, typed: string): Source {
  const text = typed.trim()
  switch (kind) {
    case 'command':
      return { kind, command: text }
    case 'files':
      return { kind, paths: pathsIn(text) }
    case 'journal':
      return { kind, unit: text }
    case 'container':
      return { kind, name: text }
  }
}

export function typedOf(source: Source): string {
  switch (source.kind) {
    case 'command':
      return source.command
    case 'files':
      return source.paths.map((path) => (/[\s"]/.test(path) ? `"${path}"` : path)).join(' ')
    case 'journal':
      return source.unit
    case 'container':
      return source.name
  }
}

/** Several paths are often pasted, with commas or without; the same one twice is one. */
function pathsIn(text: string): string[] {
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)]
  return [...new Set(words.map(([, quoted, plain]) => quoted ?? plain ?? ''))]
}
