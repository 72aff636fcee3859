/** Where the reading of a journal stands: the last entry that is stored, or when it began. */
import { isCursor } from './journal-entry.ts'

export type JournalProgress =
  | { readonly cursor: string }
  /** Seconds by the host's clock; nothing was read since. */
  | { readonly since: number }

export function encodeJournalProgress(progress: JournalProgress): string {
  return JSON.stringify(progress)
}

/** Undefined for what is not such a text. */
export function decodeJournalProgress(text: string): JournalProgress | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  if ('cursor' in value && typeof value.cursor === 'string' && isCursor(value.cursor)) {
    return { cursor: value.cursor }
  }
  if ('since' in value && Number.isSafeInteger(value.since)) return { since: Number(value.since) }
  return undefined
}
