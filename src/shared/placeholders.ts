/** `{{name}}` in paths, units, containers and sentences: stands for the value of a parameter. Never in a command. */
import type { FollowedSource } from './run.ts'

/** A text with the values in their places; what has no value stays as it is. One pass: values are not looked at. */
export function fillText(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(placeholder, (written, name: string) => values.get(name) ?? written)
}

/** Names that stand in the text. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name)
}

/** The same for all texts of a source. */
export function fillSource(
  source: FollowedSource,
  values: ReadonlyMap<string, string>,
): FollowedSource {
  switch (source.kind) {
    case 'files':
      return { ...source, paths: source.paths.map((path) => fillText(path, values)) }
    case 'journal':
      return { ...source, unit: fillText(source.unit, values) }
    case 'container':
      return { ...source, name: fillText(source.name, values) }
  }
}

export function placeholdersOfSource(source: FollowedSource): readonly string[] {
  switch (source.kind) {
    case 'files':
      return source.paths.flatMap(placeholdersOf)
    case 'journal':
      return placeholdersOf(source.unit)
    case 'container':
      return placeholdersOf(source.name)
  }
}

const placeholder = /\{\{([a-z][a-z0-9_]*)\}\}/g
