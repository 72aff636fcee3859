/** A saved command as a document of the store, and back. */
import { AppError } from '../../shared/errors.ts'
import { savedCommandSchema } from '../../shared/protocol/saved-commands.ts'
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import type { NewRecord, StoredRecord } from '../store/record-store.ts'

export function recordOf(command: SavedCommand, version?: number): NewRecord {
  return { kind: 'saved-command', name: command.name, body: JSON.stringify(command), version }
}

/** Throws `store-failed` for what this version would not have stored. */
export function commandOf({ name, body, version }: StoredRecord): StoredCommand {
  const found = savedCommandSchema.safeParse(parseJson(body))
  if (found.success) return { ...found.data, version }
  throw new AppError('store-failed', `The stored text of the saved command "${name}" is damaged.`, {
    cause: found.error,
    hint: `Remove it with "farglass saved remove ${name}", or update Farglass if a newer one wrote it.`,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
