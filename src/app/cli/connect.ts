/** Finds who does the work of a command: a server that is named, one that runs here, or an engine inside. */
import type { BytesPart, FarglassApi } from '../../client/api.ts'
import type { AutomationApi } from '../../client/automation-api.ts'
import { createHttpApi } from '../../client/http-api.ts'
import { createRetentionApi, type RetentionApi } from '../../client/retention-api.ts'
import { createRunFilesApi, type RunFilesApi } from '../../client/run-files-api.ts'
import { createSavedCommandsApi, type SavedCommandsApi } from '../../client/saved-commands-api.ts'
import type { SecretKeysApi } from '../../client/secret-keys-api.ts'
import type { Retention } from '../../core/retention/retention.ts'
import type { RunFiles } from '../../core/run-files/run-files.ts'
import type { RunId } from '../../shared/run.ts'
import { readApiToken } from '../api-token.ts'
import { type DataDirectory, dataDirectory } from '../data-directory.ts'
import { findServer } from '../server-record.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandLine, FlagSpec } from './command-line.ts'
import type { BytesSource } from './exact-group.ts'

export interface Connection extends AsyncDisposable {
  readonly api: FarglassApi
  readonly commands: SavedCommandsApi
  readonly retention: RetentionApi
  readonly files: RunFilesApi
  /** Alerts, schedules and triggers; loaded by the commands that are about them. */
  readonly automation: () => Promise<AutomationApi>
  /** Keys of stored secrets; loaded by the command that is about them. */
  readonly secretKeys: () => Promise<SecretKeysApi>
  /** Address of the server, or null for an engine inside this process. */
  readonly server: string | null
  /** Where the bytes of a run are had that did not come with its lines. */
  readonly bytesOf: (id: RunId) => BytesSource | null
}

/** Flags of every command that works on runs. */
export const connectionFlags: Readonly<Record<string, FlagSpec>> = {
  server: {
    value: 'URL',
    help: 'talk to this server (or FARGLASS_SERVER; its API token in FARGLASS_TOKEN)',
  },
  data: { value: 'DIR', help: 'data directory (or FARGLASS_DATA)' },
  'ssh-config': {
    value: 'FILE',
    help: 'configuration of ssh, its -F; works inside this command, not by a running server',
  },
}

/** A server that is named or answers on the data directory, else an engine of this process. */
export async function connect(line: CommandLine): Promise<Connection> {
  const data = dataDirectoryOf(line)
  const named = namedServer(line)
  const sshConfig = line.value('ssh-config')
  if (named !== undefined) {
    if (line.has('server') && sshConfig !== undefined) {
      throw new UsageError(
        '--ssh-config cannot go with --server: the server has its own.',
        'Give --ssh-config to "farglass serve", or leave --server out.',
      )
    }
    if (sshConfig === undefined) return toServer(serverUrl(named), tokenFor(named, data))
  }
  if (sshConfig === undefined) {
    const found = await findAnsweringServer(data)
    if (found !== undefined) return toServer(found, readApiToken(data))
  }
  return insideEngine(data, sshConfig ?? environment('FARGLASS_SSH_CONFIG'))
}

/** Address of the server that flag or variable name, as it is written. */
export function namedServer(line: CommandLine): string | undefined {
  return line.value('server') ?? environment('FARGLASS_SERVER')
}

/** The data directory that flag or variable name, else the usual one. */
export function dataDirectoryOf(line: CommandLine): DataDirectory {
  return dataDirectory(line.value('data') ?? environment('FARGLASS_DATA'))
}

/** Address of the server that runs on the directory and answers, or undefined. */
export async function findAnsweringServer(data: DataDirectory): Promise<string | undefined> {
  const record = findServer(data)
  if (record === undefined) return undefined
  try {
    const response = await fetch(`${record.url}/healthz`, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok ? record.url : undefined
  } catch {
    return undefined
  }
}

/** A variable that is set and not empty. */
export function environment(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}

function toServer(baseUrl: string, token: string | undefined): Connection {
  const api = createHttpApi({ baseUrl, ...(token === undefined ? {} : { token }) })
  const bytesOf = (id: RunId) => (part: BytesPart) => api.bytes(id, part)
  const send = (path: string, init?: RequestInit) => api.request(path, init)
  return {
    api,
    commands: createSavedCommandsApi(send),
    retention: createRetentionApi(send),
    files: createRunFilesApi(send),
    automation: async () => {
      const { createAutomationApi } = await import('../../client/automation-api.ts')
      return createAutomationApi(send)
    },
    secretKeys: async () => {
      const { createSecretKeysApi } = await import('../../client/secret-keys-api.ts')
      return createSecretKeysApi(send)
    },
    server: baseUrl,
    bytesOf,
    [Symbol.asyncDispose]: async () => {},
  }
}

function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError(
      `"${text}" is not the address of a server.`,
      'Write it as http://127.0.0.1:4770 (--server or FARGLASS_SERVER).',
    )
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The token of the data directory is sent to its own server only, wherever else the flag points. */
function tokenFor(url: string, data: DataDirectory): string | undefined {
  const given = environment('FARGLASS_TOKEN')
  if (given !== undefined) return given
  return findServer(data)?.url === serverUrl(url) ? readApiToken(data) : undefined
}

/** Where a server listens unless it is told otherwise: a command by itself knows of no other. */
const ownAddress = 'http://127.0.0.1:4770'

/** Loaded only here: a command that talks to a server needs no store and no ssh. */
async function insideEngine(
  data: DataDirectory,
  sshConfig: string | undefined,
): Promise<Connection> {
  const [{ openEngine }, { createEngineApi }] = await Promise.all([
    import('../engine.ts'),
    import('../engine-api.ts'),
  ])
  const sshConfigFile = sshConfig ?? null
  const engine = await openEngine({
    data,
    sync: 'full',
    redis: null,
    keep: null,
    sshConfigFile,
    inventoryFile: environment('FARGLASS_INVENTORY') ?? null,
    secretKeyFile: environment('FARGLASS_SECRET_KEY_FILE') ?? null,
    recover: 'none',
    automation: { webhookAllow: [], base: () => ownAddress },
    retains: false,
    say: (text) => void process.stderr.write(`farglass: ${text}\n`),
  })
  return {
    api: createEngineApi(engine),
    commands: engine.commands,
    retention: appliedAtOnce(engine.retention),
    files: await filesOf(engine.runFiles),
    automation: async () => {
      const { createEngineAutomationApi } = await import('../engine-automation-api.ts')
      return createEngineAutomationApi(engine.automation)
    },
    secretKeys: async () => ({
      ...engine.keyRotation,
      rotate: (forgetOld) => engine.keyRotation.rotate(forgetOld, new AbortController().signal),
    }),
    server: null,
    bytesOf: () => null,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

/** Nobody else would: there is no server. */
function appliedAtOnce(retention: Retention): RetentionApi {
  return {
    ...retention,
    save: async (policy) => {
      await retention.save(policy)
      await retention.apply(new AbortController().signal)
    },
  }
}

async function filesOf(files: RunFiles): Promise<RunFilesApi> {
  const { linesIn } = await import('../../shared/text-lines.ts')
  return {
    write: async function* (id) {
      const encoder = new TextEncoder()
      for await (const text of files.write(id)) yield encoder.encode(text)
    },
    read: (file) => files.read(linesIn(file)),
  }
}
