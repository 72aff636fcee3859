/** Saved commands over HTTP; what the server answers is checked by hand, as that of the stream. */
import type { Listing } from '../shared/listing.ts'
import type { SavedCommand, StoredCommand } from '../shared/saved-command.ts'
import { array, asFields, text, whole } from './event-parser.ts'
import { asListing } from './listing.ts'

/** Every call rejects with an AppError. `FarglassApi.start` starts them. */
export interface SavedCommandsApi {
  /** By name. */
  list(): Promise<Listing<StoredCommand>>
  get(name: string): Promise<StoredCommand>
  /** With a version only over that one, 0 for none: rejects with `conflict`. */
  put(command: SavedCommand, version?: number): Promise<StoredCommand>
  remove(name: string, version?: number): Promise<void>
  /** All of them or none. */
  importYaml(yaml: string): Promise<readonly StoredCommand[]>
  /** Those with these names, or all. */
  exportYaml(names?: readonly string[]): Promise<string>
}

/** Sends a request to the server; rejects with an AppError. */
type Send = (path: string, init?: RequestInit) => Promise<Response>

export function createSavedCommandsApi(send: Send): SavedCommandsApi {
  const json = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await send(path, init)).json()
  return {
    list: async () => asListing(await json(base), 'commands', asStored),
    get: async (name) => asStored(await json(pathOf(name))),
    put: async (command: SavedCommand, version) =>
      asStored(await json(pathOf(command.name), body('PUT', { command, version }))),
    remove: async (name, version) => {
      const query = version === undefined ? '' : `?version=${version}`
      const done = await send(`${pathOf(name)}${query}`, { method: 'DELETE' })
      await done.body?.cancel()
    },
    importYaml: async (yaml) => {
      const stored = asFields(await json(`${base}/import`, body('POST', { yaml })))
      return array(stored, 'commands').map(asStored)
    },
    exportYaml: async (names) => {
      const query = names === undefined ? '' : `?names=${names.map(encodeURIComponent).join(',')}`
      return (await send(`${base}/export${query}`)).text()
    },
  }
}

const base = '/api/v1/commands'

function pathOf(name: string): string {
  return `${base}/${encodeURIComponent(name)}`
}

function body(method: string, value: object): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  }
}

function asStored(value: unknown): StoredCommand {
  const fields = asFields(value)
  text(fields, 'name')
  whole(fields, 'version')
  asFields(fields['source'])
  // What the server checked against the same types is not spelt out field by field again.
  return value as StoredCommand
}
