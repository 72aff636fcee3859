/** Which files beside a followed one are its rotated generations, and in what order they were made. */
import type { FileEntry } from '../remote/follow-frames.ts'

/**
 * The rotated generations of `path` among `entries`, oldest first, and the file itself at the end if
 * it is there. A packed file is left out while the plain one is still beside it: it is being written.
 */
export function inOrder(path: string, entries: readonly FileEntry[]): FileEntry[] {
  const paths = new Map(entries.map((entry) => [entry.path, entry]))
  const rotated = [...paths.values()].filter(
    (entry) => isRotatedFrom(path, entry.path) && !paths.has(plainName(entry.path)),
  )
  rotated.sort((a, b) => byAge(path, a, b))
  const current = paths.get(path)
  return current === undefined ? rotated : [...rotated, current]
}

/** Whether `name` is what rotation makes of `path`: `x.1`, `x.2.gz`, `x-20261125`, `x-20261125.log`. */
export function isRotatedFrom(path: string, name: string): boolean {
  const plain = isPacked(name) ? withoutPacking(name) : name
  if (plain === path) return isPacked(name)
  if (plain.startsWith(path)) return suffix.test(plain.slice(path.length))
  const { stem, extension } = splitName(path)
  if (extension === '' || !plain.startsWith(stem) || !plain.endsWith(extension)) return false
  return /^[-.]\d[\w.:-]*$/.test(plain.slice(stem.length, plain.length - extension.length))
}

export function isPacked(name: string): boolean {
  return packed.test(name)
}

const packed = /\.(?:gz|xz|zst|bz2)$/
const suffix = /^(?:[-.]\d[\w.:-]*|\.(?:old|bak|prev|orig|save))$/
const numbered = /^\.(\d{1,5})$/

/** A number counts up with age; otherwise time tells, and then a name that holds a date. */
function byAge(path: string, a: FileEntry, b: FileEntry): number {
  const [first, second] = [a, b].map(({ path: name }) => rotationNumber(path, name))
  if (first !== undefined && second !== undefined) return second - first
  if (a.modified !== b.modified) return a.modified - b.modified
  return a.path.localeCompare(b.path, 'en', { numeric: true })
}

function rotationNumber(path: string, name: string): number | undefined {
  const plain = isPacked(name) ? withoutPacking(name) : name
  const match = numbered.exec(plain.startsWith(path) ? plain.slice(path.length) : '')
  return match === null ? undefined : Number(match[1])
}

/** The name before packing; itself for a plain file is never asked for. */
function plainName(name: string): string {
  return isPacked(name) ? withoutPacking(name) : ''
}

function withoutPacking(name: string): string {
  return name.replace(packed, '')
}

function splitName(path: string): { stem: string; extension: string } {
  const dot = path.lastIndexOf('.')
  if (dot <= path.lastIndexOf('/') + 1) return { stem: path, extension: '' }
  return { stem: path.slice(0, dot), extension: path.slice(dot) }
}
