/** What is stored of a saved command: all of it, as people wrote it. */
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import type { RecordType, TypedRecord } from '../store/typed-records.ts'

export const savedCommandType: RecordType<SavedCommand> = {
  kind: 'saved-command',
  noun: 'saved command',
  remedy: (name) =>
    `Remove it with "farglass saved remove ${name}", or run the version of Farglass that wrote it.`,
  schema: async () => (await import('../../shared/protocol/saved-commands.ts')).savedCommandSchema,
}

export function storedCommand({ value, version }: TypedRecord<SavedCommand>): StoredCommand {
  return { ...value, version }
}
