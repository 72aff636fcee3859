/**
 * A whole run as lines of JSON: its record, every group of lines with its exact bytes, and an end by
 * which a file that was cut off is known (docs/protocol.md).
 */
import { channels } from './channel.ts'
import { AppError } from './errors.ts'
import { limits } from './limits.ts'
import { type LineGroup, lineEnds, type PlacedGroup } from './line-group.ts'
import type { Run } from './run.ts'

const runFileVersion = 1

export type RunFileRecord =
  /** Not yet checked: whoever reads it knows what a run is. */
  | { readonly kind: 'run'; readonly run: unknown }
  | { readonly kind: 'group'; readonly group: PlacedGroup }
  | { readonly kind: 'end'; readonly next: number }

export function runLine(run: Run): string {
  return `${JSON.stringify({ farglass: 'run', version: runFileVersion, run })}\n`
}

/** Its bytes as text, or as one character for each byte where they are no UTF-8. */
export function groupLine({ pos, task, channel, time, end, file, bytes }: PlacedGroup): string {
  const head = { pos, task, channel, time, ...(end !== 'newline' && { end }) }
  const text = exactText(bytes)
  const body = text === undefined ? { latin1: latin1Of(bytes) } : { text }
  return `${JSON.stringify({ ...head, ...(file !== undefined && { file }), ...body })}\n`
}

export function endLine(next: number): string {
  return `${JSON.stringify({ end: next })}\n`
}

/** One line of the file. Throws `bad-request` with a sentence about it that goes on behind "Line 7 ". */
export function parseRunLine(line: string): RunFileRecord {
  const fields = objectIn(line)
  if ('farglass' in fields) {
    if (fields['farglass'] !== 'run' || fields['version'] !== runFileVersion) {
      throw wrong('is of a kind or version that this Farglass does not know')
    }
    return { kind: 'run', run: fields['run'] }
  }
  if ('end' in fields && !('task' in fields)) {
    return { kind: 'end', next: wholeIn(fields, 'end') }
  }
  return { kind: 'group', group: groupIn(fields) }
}

type Fields = Readonly<Record<string, unknown>>

function groupIn(fields: Fields): PlacedGroup {
  const channel = channels.find((each) => each === fields['channel'])
  const end = lineEnds.find((each) => each === (fields['end'] ?? 'newline'))
  const { file } = fields
  if (channel === undefined) throw wrong('has no "channel" that there is')
  if (end === undefined) throw wrong('has no "end" that there is')
  if (file !== undefined && (typeof file !== 'string' || isTooLong(file))) {
    throw wrong('has no "file" that can be stored')
  }
  const bytes = bytesIn(fields)
  const count = countIn(bytes, end)
  if (count === 0) throw wrong('has no whole line')
  return {
    pos: wholeIn(fields, 'pos'),
    task: wholeIn(fields, 'task'),
    channel,
    time: wholeIn(fields, 'time'),
    count,
    bytes,
    end,
    ...(typeof file === 'string' && { file }),
  }
}

/** A last line that ends otherwise has no newline, one that ends so has one. */
function countIn(bytes: Uint8Array, end: LineGroup['end']): number {
  const newlines = bytes.reduce((sum, byte) => (byte === 10 ? sum + 1 : sum), 0)
  const hasNewline = bytes.at(-1) === 10
  if (end === 'newline') return hasNewline ? newlines : 0
  return hasNewline ? 0 : newlines + 1
}

function bytesIn({ text, latin1 }: Fields): Uint8Array {
  if (typeof text === 'string') return encoder.encode(text)
  if (typeof latin1 !== 'string') throw wrong('has neither "text" nor "latin1"')
  const bytes = Uint8Array.from(latin1, (sign) => sign.charCodeAt(0))
  if (latin1Of(bytes) !== latin1) throw wrong('has a character in "latin1" that is no byte')
  return bytes
}

function objectIn(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line)
    // An object that is no array has string keys with unknown values.
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Told below.
  }
  throw wrong('is no JSON object')
}

function wholeIn(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw wrong(`has no "${name}" that is a whole number from 0 up`)
}

function isTooLong(file: string): boolean {
  return encoder.encode(file).length > limits.fileNameBytesMax
}

function exactText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

function latin1Of(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function wrong(what: string): AppError {
  return new AppError('bad-request', what)
}

const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
