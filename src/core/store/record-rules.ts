/** The rules of documents that every store keeps: what fits, what is refused, and their order. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { NewRecord, RecordKind, StoredRecord } from './record-store.ts'

/** Refuses a document that no store could give back as it was. */
export function checkRecord({ kind, name, body }: NewRecord): void {
  const nameBytes = bytesIn(name)
  if (nameBytes === 0 || nameBytes > limits.recordNameBytesMax) {
    throw new AppError(
      'bad-request',
      `A name of ${nameBytes} bytes was given to a ${kind}; it takes 1 to ${limits.recordNameBytesMax}.`,
      { hint: 'Give another name.' },
    )
  }
  const bytes = bytesIn(body)
  if (bytes > limits.recordBytesMax) {
    throw new AppError(
      'bad-request',
      `The ${kind} ${name} takes ${bytes} bytes, and ${limits.recordBytesMax} are kept at most.`,
      { hint: 'Make it smaller.' },
    )
  }
  if (!/\p{Surrogate}/u.test(name + body)) return
  throw new AppError('bad-request', `The ${kind} has half a character in it.`)
}

/** Refuses what was meant for another version: undefined for a change of whatever is there. */
export function checkVersion(
  record: Pick<NewRecord, 'kind' | 'name'>,
  expected: number | undefined,
  stored: number,
): void {
  if (expected === undefined || expected === stored) return
  throw versionConflict(record, stored)
}

/** The error for it. `stored` is 0 when there is none. */
export function versionConflict(
  { kind, name }: Pick<NewRecord, 'kind' | 'name'>,
  stored: number,
): AppError {
  const [what, hint] =
    stored === 0
      ? ['is not there any more', 'Load the list again.']
      : ['is there already or was changed meanwhile', 'Load it again, then change that.']
  return new AppError('conflict', `The ${kind} ${name} ${what}.`, { hint })
}

/** Throws `conflict` when there are as many of the kind as there may be. */
export function checkCount(kind: RecordKind, count: number): void {
  if (count >= limits.recordsPerKindMax) throw tooMany(kind)
}

export function tooMany(kind: RecordKind): AppError {
  return new AppError(
    'conflict',
    `There are ${limits.recordsPerKindMax} of the kind ${kind} already, the most that are kept.`,
    { hint: 'Remove one that is not needed any more.' },
  )
}

/** By the numbers of their characters: the same everywhere, whatever the language of the machine. */
export function byName(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length
}
