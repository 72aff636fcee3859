/** Stores the saved commands of several documents: all of them, or none. */
import { AppError, toAppError } from '../../shared/errors.ts'
import { issueText } from '../../shared/issue-text.ts'
import type { MatchesWhole } from '../../shared/parameter-value.ts'
import { savedCommandSchema, versionedSchema } from '../../shared/protocol/saved-commands.ts'
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import type { RecordStore, StoredRecord } from '../store/record-store.ts'
import { type TypedRecord, TypedRecords } from '../store/typed-records.ts'
import { checkDefaults } from './check-defaults.ts'
import { savedCommandType, storedCommand } from './saved-record.ts'

/** Port: the format that saved commands are exchanged in. */
export interface Documents {
  /** Rejects with `bad-request` that names document and line. */
  read(text: string): Promise<readonly ReadDocument[]>
  write(values: readonly object[]): Promise<string>
}

export interface ReadDocument {
  readonly value: unknown
  /** Line of a value in it, or of what comes next to that. From 1. */
  lineOf(path: readonly PropertyKey[]): number
}

export interface ImportParts {
  readonly records: RecordStore
  readonly matches: MatchesWhole
}

export async function importDocuments(
  documents: readonly ReadDocument[],
  { records, matches }: ImportParts,
): Promise<readonly StoredCommand[]> {
  const commands = documents.map((document, at) => checked(document, at + 1, matches))
  const lines = documents.map((document) => document.lineOf(['name']))
  for (const [at, { name }] of commands.entries()) {
    const first = commands.findIndex((other) => other.name === name)
    if (first < at)
      throw bad(at + 1, lines[at] ?? 1, `"${name}" is there in document ${first + 1} too`)
  }
  return storeAll(commands, records)
}

/** One document by itself, perhaps with the version that it was read with. Throws `bad-request`. */
export function savedDocument(document: ReadDocument): {
  readonly command: SavedCommand
  readonly version?: number
} {
  const value = versionedSchema.safeParse(document.value)
  if (!value.success) return { command: parsed(document, 1) }
  const { version, ...rest } = value.data
  return { command: parsed({ ...document, value: rest }, 1), version }
}

function parsed(document: ReadDocument, number: number): SavedCommand {
  const found = savedCommandSchema.safeParse(document.value)
  if (found.success) return found.data
  const [issue] = found.error.issues
  const line = document.lineOf(issue?.path ?? [])
  throw bad(number, line, issue === undefined ? 'This is not valid' : issueText(issue))
}

function checked(document: ReadDocument, number: number, matches: MatchesWhole): SavedCommand {
  const command = parsed(document, number)
  try {
    checkDefaults(command, matches)
    return command
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    throw bad(number, document.lineOf(['parameters']), thrown.message.replace(/\.$/, ''))
  }
}

function bad(number: number, line: number, what: string): AppError {
  const message = `Document ${number}, line ${line}: ${what}. Nothing was stored.`
  return new AppError('bad-request', message, { hint: 'Correct it and send the text again.' })
}

/** Each only over what was there at the beginning, so that what fails half-way can be taken back. */
async function storeAll(
  commands: readonly SavedCommand[],
  records: RecordStore,
): Promise<readonly StoredCommand[]> {
  const before = new Map<string, StoredRecord>()
  for (const record of await records.list(savedCommandType.kind)) before.set(record.name, record)
  const typed = new TypedRecords(records, savedCommandType)
  const stored: TypedRecord<SavedCommand>[] = []
  try {
    for (const command of commands) {
      const version = before.get(command.name)?.version ?? 0
      stored.push(await typed.put(command.name, command, version))
    }
  } catch (thrown) {
    const left = await takeBack(stored, before, records)
    throw left.length === 0 ? thrown : halfStored(left, thrown)
  }
  return stored.map(storedCommand)
}

/** What somebody has changed meanwhile again is theirs, and stays. Gives the names of those that could not be taken back. */
async function takeBack(
  stored: readonly TypedRecord<SavedCommand>[],
  before: ReadonlyMap<string, StoredRecord>,
  records: RecordStore,
): Promise<readonly string[]> {
  const left: string[] = []
  const { kind } = savedCommandType
  for (const { name, version } of stored) {
    const old = before.get(name)
    const undone =
      old === undefined
        ? records.remove(kind, name, version)
        : records.put({ kind, name, body: old.body, version })
    await undone.catch((thrown: unknown) => {
      if (toAppError(thrown).code !== 'conflict') left.push(name)
    })
  }
  return left
}

function halfStored(left: readonly string[], cause: unknown): AppError {
  const { code, message, hint } = toAppError(cause)
  const names = left.map((name) => `"${name}"`).join(', ')
  const all = `Of the text only this could be stored, and could not be taken back: ${names}.`
  return new AppError(code, `${message} ${all}`, { hint, cause })
}
