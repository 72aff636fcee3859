/** Answers of Redis as exact types. One that is of another kind is an error: the scripts are ours. */
import { AppError } from '../../shared/errors.ts'

/** A text or a number, as text. */
export function textOf(reply: unknown): string {
  if (typeof reply === 'string' || typeof reply === 'number') return String(reply)
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  throw new AppError('store-failed', 'Redis has given an answer that is none of ours.')
}

/** The same where there may be none. */
export function maybeTextOf(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : textOf(reply)
}

/** An array, whatever is in it. */
export function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply
  throw new AppError('store-failed', 'Redis has given an answer that is no list.')
}
