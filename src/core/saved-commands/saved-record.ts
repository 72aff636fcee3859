/** What is stored of a saved command: all of it, as people wrote it. */
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import { type RecordType, removedBy, type TypedRecord } from '../store/typed-records.ts'

export const savedCommandType: RecordType<SavedCommand> = {
  kind: 'saved-command',
  noun: 'saved command',
  remedy: removedBy('saved'),
  schema: async () => (await import('../../shared/protocol/saved-commands.ts')).savedCommandSchema,
}

export function storedCommand({ value, version }: TypedRecord<SavedCommand>): StoredCommand {
  return { ...value, version }
}
