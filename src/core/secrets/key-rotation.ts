/**
 * Puts another key in the place of the one that seals stored secrets. First both are there to open,
 * then all that is stored is sealed anew, and only then the old one goes: so whoever dies at whatever
 * point leaves nothing that cannot be opened, and who does the same again goes on.
 */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { RotatedKey, SecretKeysReport } from '../../shared/protocol/secret-keys.ts'
import type { Clock } from '../clock.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'
import type { SealedKind } from './sealed-kind.ts'
import type { SecretBox } from './secret-box.ts'
import type { KeyNames, SecretKeys } from './secret-keys.ts'

export interface KeyRotation {
  /** What is sealed with which key. Every call rejects with `secret-key` where the keys may not be used. */
  report(): Promise<SecretKeysReport>
  /** Makes the next key, so that it can be taken to other machines before anything is sealed with it. */
  prepare(): Promise<SecretKeysReport>
  /**
   * Resolves when nothing stored here needs the old key any more. It goes on opening, as other data
   * directories may share the file, and nodes may have copies of it; with `forgetOld` it is taken
   * out, unless a document here cannot be read, which may hold a secret of it.
   */
  rotate(forgetOld: boolean, signal: AbortSignal): Promise<RotatedKey>
}

export interface KeyRotationParts {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly keys: SecretKeys
  readonly kinds: readonly SealedKind[]
  readonly clock: Clock
}

export function createKeyRotation(parts: KeyRotationParts): KeyRotation {
  const { keys, clock } = parts
  const report = async (names: KeyNames) => reportOf(await tally(parts), names)
  return {
    report: async () => report(await keys.read()),
    prepare: async () => report(await keys.prepare()),
    rotate: async (forgetOld, signal) => {
      const { old } = await keys.turn()
      let all = 0
      let isQuiet = false
      while (!isQuiet) {
        const resealed = await resealAll(parts, signal)
        all += resealed
        // What somebody had sealed just before the turn is in the store after this.
        await clock.sleep(limits.secretsSettleMs, signal)
        checkGoesOn(signal)
        const late = await resealAll(parts, signal)
        all += late
        isQuiet = late === 0
      }
      const { isWhole } = await tally(parts)
      const names = forgetOld && isWhole ? await keys.forget(old) : await keys.read()
      return { ...(await report(names)), resealed: all }
    },
  }
}

function checkGoesOn(signal: AbortSignal): void {
  if (!signal.aborted) return
  const hint = 'Rotate again to go on: both keys open meanwhile.'
  throw new AppError('shutting-down', 'The old key is still needed.', { hint })
}

async function resealAll(parts: KeyRotationParts, signal: AbortSignal): Promise<number> {
  const { records, kinds } = parts
  let count = 0
  for (const kind of kinds) {
    for (const record of await records.list(kind.kind)) {
      checkGoesOn(signal)
      count += await resealRecord(record, kind, parts)
    }
  }
  return count
}

/** How many secrets of it were sealed anew. Who changes it meanwhile goes first. */
async function resealRecord(
  record: StoredRecord,
  { kind, resealed }: SealedKind,
  { records, box }: KeyRotationParts,
): Promise<number> {
  const { name } = record
  for (let found: StoredRecord | undefined = record; found !== undefined; ) {
    let count = 0
    const body = await resealed(found, (text, context) => {
      const again = box.reseal(text, context)
      if (again !== text) count++
      return again
    })
    if (body === null || count === 0) return 0
    try {
      await records.put({ kind, name, body, version: found.version })
      return count
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown
      found = await records.get(kind, name)
    }
  }
  return 0
}

interface Tally {
  /** Secrets by the name of their key. */
  readonly counts: ReadonlyMap<string, number>
  readonly unreadable: readonly string[]
  /** Whether every document could be read, with or without its secrets. */
  readonly isWhole: boolean
}

async function tally({ records, kinds, box }: KeyRotationParts): Promise<Tally> {
  const counts = new Map<string, number>()
  const unreadable: string[] = []
  let isWhole = true
  for (const { kind, noun, resealed } of kinds) {
    for (const record of await records.list(kind)) {
      let isOpen = true
      const body = await resealed(record, (sealed, context) => {
        const key = box.keyOf(sealed, context)
        if (key === null) isOpen = false
        else counts.set(key, (counts.get(key) ?? 0) + 1)
        return sealed
      })
      if (body === null) isWhole = false
      if (!isOpen || body === null) unreadable.push(`${noun} ${record.name}`)
    }
  }
  return { counts, unreadable, isWhole }
}

function reportOf(
  { counts, unreadable }: Pick<Tally, 'counts' | 'unreadable'>,
  { file, current, next, old }: KeyNames,
): SecretKeysReport {
  const use = (name: string, role: 'current' | 'next' | 'old') => ({
    name,
    role,
    secrets: counts.get(name) ?? 0,
  })
  const keys = [
    ...(current === null ? [] : [use(current, 'current')]),
    ...(next === null ? [] : [use(next, 'next')]),
    ...old.map((name) => use(name, 'old')),
  ]
  return { file, keys, unreadable }
}
