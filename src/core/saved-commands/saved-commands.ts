/** Saved commands: kept as documents of the store, started as runs. */
import { AppError } from '../../shared/errors.ts'
import type { MatchesWhole } from '../../shared/parameter-value.ts'
import type { SavedRunRequest } from '../../shared/protocol/start-run.ts'
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { StartRun } from '../runs/run-service.ts'
import type { RecordStore } from '../store/record-store.ts'
import { checkDefaults } from './check-defaults.ts'
import { type Documents, importDocuments } from './import-documents.ts'
import { preparedStart } from './prepared-start.ts'
import { commandOf, recordOf } from './stored-body.ts'

export interface SavedCommands {
  /** By name. */
  list(): Promise<readonly StoredCommand[]>

  /** Rejects with `not-found`. */
  get(name: string): Promise<StoredCommand>

  /**
   * Stores it, when `version` is still the stored one (0: there is none; undefined: whatever is
   * there). Rejects with `conflict` otherwise, and with `bad-request` for a default that its own
   * parameter refuses.
   */
  put(command: SavedCommand, version?: number): Promise<StoredCommand>

  /** Rejects with `not-found`, and with `conflict` when another version is there. */
  remove(name: string, version?: number): Promise<void>

  /** All commands of a text of YAML, or none: rejects with `bad-request` that names document and line. */
  importYaml(yaml: string): Promise<readonly StoredCommand[]>

  /** Those with these names, or all, as the import takes them. Rejects with `not-found`. */
  exportYaml(names?: readonly string[]): Promise<string>

  /**
   * What the run service is given to start one. Rejects with `not-found`, `conflict` for another
   * version than the one that was looked at, `bad-parameter`, and `bad-target` without any target.
   */
  prepare(request: SavedRunRequest): Promise<StartRun>
}

export interface SavedCommandsParts {
  readonly records: RecordStore
  readonly documents: Documents
  readonly inventory: HostInventory
  readonly matches: MatchesWhole
}

export function createSavedCommands(parts: SavedCommandsParts): SavedCommands {
  const { records, documents, matches } = parts

  const find = async (name: string): Promise<StoredCommand> => {
    const record = await records.get('saved-command', name)
    if (record === undefined) throw unknown(name)
    return commandOf(record)
  }
  const put = async (command: SavedCommand, version?: number) => {
    checkDefaults(command, matches)
    return commandOf(await records.put(recordOf(command, version)))
  }
  const list = async () => (await records.list('saved-command')).map(commandOf)

  return {
    list,
    get: find,
    put,
    remove: async (name, version) => {
      if (!(await records.remove('saved-command', name, version))) throw unknown(name)
    },
    importYaml: async (yaml) => importDocuments(await documents.read(yaml), { records, matches }),
    exportYaml: async (names) => {
      const commands = names === undefined ? await list() : await Promise.all(names.map(find))
      return documents.write(commands.map(withoutVersion))
    },
    prepare: async (request) => preparedStart(await find(request.saved.name), request, parts),
  }
}

function withoutVersion(command: StoredCommand): object {
  return Object.fromEntries(Object.entries(command).filter(([key]) => key !== 'version'))
}

function unknown(name: string): AppError {
  return new AppError('not-found', `There is no saved command "${name}".`, {
    hint: 'See "farglass saved list" for those that there are.',
  })
}
