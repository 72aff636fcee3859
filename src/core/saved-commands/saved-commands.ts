/** Saved commands: kept as documents of the store, started as runs. */
import type { Listing } from '../../shared/listing.ts'
import type { MatchesWhole } from '../../shared/parameter-value.ts'
import type { SavedRunRequest } from '../../shared/protocol/start-run.ts'
import type { SavedCommand, StoredCommand } from '../../shared/saved-command.ts'
import type { HostInventory } from '../inventory/inventory.ts'
import type { StartRun } from '../runs/run-service.ts'
import type { RecordStore } from '../store/record-store.ts'
import { TypedRecords } from '../store/typed-records.ts'
import { unknownName } from '../store/unknown-name.ts'
import { checkDefaults } from './check-defaults.ts'
import { type Documents, importDocuments } from './import-documents.ts'
import { preparedStart } from './prepared-start.ts'
import { savedCommandType, storedCommand } from './saved-record.ts'

export interface SavedCommands {
  /** By name. */
  list(): Promise<Listing<StoredCommand>>

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

  /**
   * Those with these names, or all, as the import takes them. Rejects with `not-found`, and with
   * `store-failed` for one that cannot be read: a backup that lacks it must not pass for whole.
   */
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
  const stored = new TypedRecords(records, savedCommandType)

  const unknown = async (name: string) =>
    unknownName({ noun: 'saved command', command: 'saved' }, name, await stored.list())
  const find = async (name: string): Promise<StoredCommand> => {
    const found = await stored.get(name)
    if (found === undefined) throw await unknown(name)
    return storedCommand(found)
  }
  const list = async (): Promise<Listing<StoredCommand>> => {
    const { items, unreadable } = await stored.list()
    return { items: items.map(storedCommand), unreadable }
  }

  const allNames = async (): Promise<readonly string[]> => {
    const { items, unreadable } = await stored.list()
    return [...items, ...unreadable].map(({ name }) => name)
  }

  return {
    list,
    get: find,
    put: async (command, version) => {
      checkDefaults(command, matches)
      return storedCommand(await stored.put(command.name, command, version))
    },
    remove: async (name, version) => {
      if (!(await stored.remove(name, version))) throw await unknown(name)
    },
    importYaml: async (yaml) => importDocuments(await documents.read(yaml), { records, matches }),
    exportYaml: async (names) => {
      const commands = await Promise.all((names ?? (await allNames())).map(find))
      return documents.write(commands.map(withoutVersion))
    },
    prepare: async (request) => preparedStart(await find(request.saved.name), request, parts),
  }
}

function withoutVersion(command: StoredCommand): object {
  return Object.fromEntries(Object.entries(command).filter(([key]) => key !== 'version'))
}
