/** One entry of `journalctl -o json`: its cursor, and the text that is stored for it. */
import { isoTime } from '../../shared/time.ts'

export interface JournalEntry {
  readonly cursor: string
  /** Whole lines; a message of several lines gives several. */
  readonly bytes: Uint8Array
}

/** Null for what is no such entry. */
export function parseJournalEntry(json: Uint8Array): JournalEntry | null {
  const fields = parseFields(new TextDecoder().decode(json))
  const cursor = fields?.['__CURSOR']
  if (fields === undefined || typeof cursor !== 'string' || !isCursor(cursor)) return null
  const head = encoder.encode(`${timeOf(fields)} ${hostOf(fields)} ${senderOf(fields)}: `)
  return { cursor, bytes: joinLine(head, messageOf(fields['MESSAGE'])) }
}

/** What systemd makes; it may stand between quotes of a shell. */
export function isCursor(text: string): boolean {
  return /^[A-Za-z0-9=;]{1,300}$/.test(text)
}

type Fields = Readonly<Record<string, unknown>>

const encoder = new TextEncoder()
const newline = 10

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // `as`: an object of JSON has names and unknown values.
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}

/** Microseconds since 1970. */
function timeOf(fields: Fields): string {
  const micros = Number(textOf(fields['__REALTIME_TIMESTAMP']))
  return Number.isFinite(micros) && micros >= 0 && micros < 1e17 ? isoTime(micros / 1_000) : '-'
}

function hostOf(fields: Fields): string {
  return textOf(fields['_HOSTNAME']) || '-'
}

function senderOf(fields: Fields): string {
  const name = textOf(fields['SYSLOG_IDENTIFIER']) || textOf(fields['_COMM']) || 'unknown'
  const pid = textOf(fields['SYSLOG_PID']) || textOf(fields['_PID'])
  return pid === '' ? name : `${name}[${pid}]`
}

/** A field that was set twice is a list: the first one counts. */
function textOf(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first.replace(/[\r\n]/g, ' ') : ''
}

/** Text, or the bytes of what is no text. */
function messageOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return encoder.encode(value)
  if (Array.isArray(value) && value.every((byte) => isByte(byte))) return new Uint8Array(value)
  if (Array.isArray(value)) return messageOf(value[0])
  return new Uint8Array(0)
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255
}

function joinLine(head: Uint8Array, message: Uint8Array): Uint8Array {
  const end = message.at(-1) === newline ? message.length - 1 : message.length
  const line = new Uint8Array(head.length + end + 1)
  line.set(head)
  line.set(message.subarray(0, end), head.length)
  line[line.length - 1] = newline
  return line
}
