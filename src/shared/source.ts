/** What a source must be, and how it is called in lists and titles: the same for page, terminal, API and engine. */
import { commandComplaint } from './command.ts'
import { displayText } from './display.ts'
import { limits } from './limits.ts'
import type { Source } from './run.ts'

/** One line that says what is read. Paths are texts of people, shown with their controls visible. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'command':
      return source.command
    case 'files':
      return `tail ${source.paths.map(pathText).join(' ')}`
    case 'journal':
      return `journal ${source.unit}`
    case 'container':
      return `container ${source.name}`
  }
}

/** Whether a path is a pattern of the shell, which may match many files. */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path)
}

/** What is wrong with a source, as the parts of a sentence. */
export interface SourceComplaint {
  /** Where in the source, as `['paths', 3]`. */
  readonly path: readonly (string | number)[]
  /** Begins the sentence: `The path "a"`. */
  readonly subject: string
  /** Ends it: `holds a newline`. */
  readonly complaint: string
}

/** The first thing that is wrong with it, or undefined. */
export function sourceComplaint(source: Source): SourceComplaint | undefined {
  switch (source.kind) {
    case 'command':
      return said(['command'], 'The command', commandComplaint(source.command))
    case 'files':
      return filesComplaint(source.paths) ?? linesComplaint(source.lines)
    case 'journal':
      return (
        said(
          ['unit'],
          `The unit ${quoted(source.unit)}`,
          nameComplaint(source.unit, unitPattern),
        ) ?? linesComplaint(source.lines)
      )
    case 'container':
      return (
        said(
          ['name'],
          `The container ${quoted(source.name)}`,
          nameComplaint(source.name, containerPattern),
        ) ?? linesComplaint(source.lines)
      )
  }
}

/** What systemd takes as the name of a unit. */
const unitPattern = /^[A-Za-z0-9:_.\\@-]+$/
/** What Docker and Podman take as the name of a container, and their ids. */
const containerPattern = /^[A-Za-z0-9_.-]+$/

function filesComplaint(paths: readonly string[]): SourceComplaint | undefined {
  const list = said(['paths'], 'The list of paths', listComplaint(paths))
  if (list !== undefined) return list
  const seen = new Set<string>()
  for (const [index, path] of paths.entries()) {
    const complaint = seen.has(path) ? 'is named twice' : pathComplaint(path)
    if (complaint !== undefined) {
      return said(['paths', index], `The path ${quoted(path)}`, complaint)
    }
    seen.add(path)
  }
  return undefined
}

function listComplaint(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return 'is empty'
  if (paths.length > limits.pathsPerRunMax) return `has more than ${limits.pathsPerRunMax} entries`
  const bytes = paths.reduce((sum, path) => sum + bytesOf(path), 0)
  return bytes > limits.pathsBytesMax
    ? `is longer than ${limits.pathsBytesMax} bytes together`
    : undefined
}

function pathComplaint(path: string): string | undefined {
  if (path === '') return 'is empty'
  if (path.includes('\0')) return 'holds a NUL'
  if (/[\r\n]/.test(path)) return 'holds a newline'
  // It would reach the host as another text.
  if (/\p{Surrogate}/u.test(path)) return 'holds half of a surrogate pair, which is no character'
  return bytesOf(path) > limits.fileNameBytesMax
    ? `is longer than ${limits.fileNameBytesMax} bytes`
    : undefined
}

function nameComplaint(name: string, pattern: RegExp): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > limits.sourceNameCharsMax) {
    return `is longer than ${limits.sourceNameCharsMax} characters`
  }
  // It would be read as an option.
  if (name.startsWith('-')) return 'begins with "-"'
  return pattern.test(name) ? undefined : 'holds a character that no such name has'
}

function linesComplaint(lines: number | undefined): SourceComplaint | undefined {
  if (lines === undefined || (Number.isInteger(lines) && lines >= 0 && lines <= linesMax)) {
    return undefined
  }
  return said(['lines'], 'The number of lines', `is not a whole number from 0 to ${linesMax}`)
}

const linesMax = limits.followedLinesMax

function said(
  path: SourceComplaint['path'],
  subject: string,
  complaint: string | undefined,
): SourceComplaint | undefined {
  return complaint === undefined ? undefined : { path, subject, complaint }
}

function pathText(path: string): string {
  const shown = displayText(path)
  return /[\s'"]/.test(shown) ? `"${shown}"` : shown
}

function quoted(text: string): string {
  const shown = displayText(text)
  return `"${shown.length > quotedCharsMax ? `${shown.slice(0, quotedCharsMax)}…` : shown}"`
}

/** Enough to know the name by. */
const quotedCharsMax = 80

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
