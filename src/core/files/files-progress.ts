/** All positions of a task that follows files, as the text that is stored with its lines. */
import type { FilePosition } from './file-position.ts'

export interface FilesProgress {
  /** Generations of a file that may still grow, oldest first; the last one is the current one. */
  readonly files: ReadonlyMap<string, readonly FilePosition[]>
  /** Patterns whose files at the start all have a position: what else they match is new. */
  readonly begun: ReadonlySet<string>
}

export const noProgress: FilesProgress = { files: new Map(), begun: new Set() }

/** One stored position: short, because all of them are written with nearly every batch of lines. */
type Row = [
  generation: string,
  offset: number,
  modified: number,
  tailBytes: number,
  tailSum: string,
]

export function encodeProgress(progress: FilesProgress): string {
  const files = [...progress.files].map(([file, positions]) => [file, positions.map(toRow)])
  return JSON.stringify({ files, begun: [...progress.begun] })
}

/** Undefined for what is not such a text. */
export function decodeProgress(text: string): FilesProgress | undefined {
  const value = parseJson(text)
  if (!isRecord(value) || !Array.isArray(value['files']) || !isStrings(value['begun'])) return
  const files = new Map<string, readonly FilePosition[]>()
  for (const pair of value['files'] as unknown[]) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string' || !Array.isArray(pair[1])) return
    const positions = (pair[1] as unknown[]).map(fromRow)
    if (positions.length === 0 || !positions.every((position) => position !== undefined)) return
    files.set(pair[0], positions)
  }
  return { files, begun: new Set(value['begun']) }
}

function toRow({ generation, offset, modified, before }: FilePosition): Row {
  return [generation, offset, modified, before.bytes, before.sum]
}

function fromRow(row: unknown): FilePosition | undefined {
  if (!Array.isArray(row)) return undefined
  const [generation, offset, modified, bytes, sum] = row as unknown[]
  if (typeof generation !== 'string' || !/^\d+:\d+$/.test(generation)) return undefined
  if (!isCount(offset) || !isTime(modified) || !isCount(bytes) || bytes > offset) return undefined
  if (typeof sum !== 'string') return undefined
  return { generation, offset, modified, before: { bytes, sum } }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** In seconds; some hosts tell fractions. */
function isTime(value: unknown): value is number {
  return Number.isFinite(value) && Number(value) >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
