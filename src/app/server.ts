/** The composition root of `farglass serve`: engine, HTTP and the demo hosts, and their end. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../adapters/system/clock.ts'
import { watchProcess } from '../adapters/system/process-figures.ts'
import type { FarglassApi } from '../client/api.ts'
import { createHttpApi } from '../client/http-api.ts'
import type { SessionStore } from '../core/store/session-store.ts'
import { apiTokenDigest } from '../http/auth/sessions.ts'
import { createHttpServer, type HttpServer } from '../http/server.ts'
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import { digestOf, ensureApiToken } from './api-token.ts'
import { startPeriodicCanary } from './canary/periodic-canary.ts'
import { createCleanUp } from './clean-up.ts'
import type { ServeConfig } from './config.ts'
import { type DataDirectory, ensureDataDirectory, writePrivateFile } from './data-directory.ts'
import { type Engine, type EngineOptions, openEngine } from './engine.ts'
import { findServer, removeServerRecord, writeServerRecord } from './server-record.ts'
import { readVersion } from './version.ts'

export interface RunningServer {
  /** `http://127.0.0.1:4770` */
  readonly url: string
  /** Address that signs one browser in; with demo hosts it opens their first run. */
  readonly link: string
  /** Says bye to viewers, stops plain runs, ends every ssh process; in less than 5 s. */
  close(): Promise<void>
}

/** Resolves when it listens and can be found through the data directory. */
export async function startServer(
  config: ServeConfig,
  data: DataDirectory,
  say: (text: string) => void,
): Promise<RunningServer> {
  ensureDataDirectory(data)
  refuseSecond(data)
  const cleanUp = createCleanUp()
  try {
    const fleet = config.demo ? await startFleet(data, cleanUp.add) : undefined
    let base = config.baseUrl ?? ''
    const { webhookAllow } = config
    const engine = await openEngine({
      data,
      automation: { webhookAllow, base: () => base },
      sync: config.sync,
      redis: config.redis,
      keep: config.keep,
      recover: 'all',
      retains: true,
      say,
      ...hostFiles(config, fleet),
      secretKeyFile: config.secretKeyFile,
    })
    cleanUp.add(watchProcess(engine.metrics))
    let http: HttpServer | undefined
    // Viewers hear of the end while the runs are stopped: both have the same few seconds.
    cleanUp.add(async () => {
      await Promise.all([http?.close(), engine[Symbol.asyncDispose]()])
    })
    // A file that is wrong from the start would refuse every run later on.
    await engine.hosts.groups()
    const writeLink = async () => {
      if (http !== undefined) writePrivateFile(data.linkFile, `${await http.newLink()}\n`)
    }
    // A store that is full or away later on must not end a server that can still show history: the
    // next turn tries again.
    const renewLink = () => void writeLink().catch(() => undefined)
    http = await listen(config, { engine, data, onLinkUsed: renewLink })
    const url = `http://${urlHost(config.host)}:${http.port}`
    if (base === '') base = url
    writeServerRecord(data, url)
    cleanUp.add(() => removeServerRecord(data))
    await writeLink()
    cleanUp.add(keepLinkFresh(renewLink, data))
    const isShared = config.redis !== null && config.auth === 'token'
    if (isShared) cleanUp.add(await tellToken(engine.sessions, data))
    const { canary } = config
    if (canary !== null) {
      const api = ownApi(config, url, data)
      cleanUp.add(startPeriodicCanary({ ...canary, api, metrics: engine.metrics, say }))
    }
    const path = fleet === undefined ? '/' : await startFirstRun(engine, fleet.firstRun)
    return { url, link: await http.newLink(path), close: () => cleanUp.run() }
  } catch (thrown) {
    await cleanUp.run()
    throw thrown
  }
}

/** Demo hosts have a configuration and an inventory of their own. */
function hostFiles(
  config: ServeConfig,
  fleet: Awaited<ReturnType<typeof startFleet>> | undefined,
): Pick<EngineOptions, 'sshConfigFile' | 'inventoryFile'> {
  return {
    sshConfigFile: fleet?.sshConfigFile ?? config.sshConfig,
    inventoryFile: config.inventoryFile ?? fleet?.inventoryFile ?? null,
  }
}

function refuseSecond(data: DataDirectory): void {
  const other = findServer(data)
  if (other === undefined) return
  throw new AppError(
    'conflict',
    `A server (process ${other.pid}) already runs on ${data.path}, at ${other.url}.`,
    { hint: `Open the link in ${data.linkFile}, or give another directory with --data DIR.` },
  )
}

async function startFleet(data: DataDirectory, later: (undo: () => Promise<void>) => void) {
  const { startDemoFleet } = await import('../adapters/demo/demo-fleet.ts')
  const fleet = await startDemoFleet({ directory: join(data.path, 'demo-hosts') })
  later(async () => {
    await fleet[Symbol.asyncDispose]()
  })
  return fleet
}

/** The path of its page. */
async function startFirstRun(
  { service }: Engine,
  { target, command }: { readonly target: string; readonly command: string },
): Promise<string> {
  const { id } = await service.start({ request: { target, source: { kind: 'command', command } } })
  return `/runs/${id}`
}

/** The server as any other program sees it. */
function ownApi({ auth }: ServeConfig, baseUrl: string, data: DataDirectory): FarglassApi {
  return createHttpApi({ baseUrl, ...(auth === 'none' ? {} : { token: ensureApiToken(data) }) })
}

interface Listening {
  readonly engine: Engine
  readonly data: DataDirectory
  readonly onLinkUsed: () => void
}

async function listen(
  config: ServeConfig,
  { engine, data, onLinkUsed }: Listening,
): Promise<HttpServer> {
  const open = (port: number) =>
    createHttpServer({
      service: engine.service,
      search: engine.search,
      hosts: engine.hosts,
      commands: engine.commands,
      retention: engine.retention,
      runFiles: engine.runFiles,
      keyRotation: engine.keyRotation,
      sessions: engine.sessions,
      clock: systemClock,
      metrics: engine.metrics,
      automation: engine.automation,
      host: config.host,
      port,
      auth:
        config.auth === 'none'
          ? { kind: 'none' }
          : { kind: 'token', apiTokenDigests: [digestOf(ensureApiToken(data))] },
      webRoot: findWebRoot(),
      allowedHosts: config.allowedHosts,
      version: readVersion(),
      onLinkUsed,
    })
  try {
    return await open(config.port)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'EADDRINUSE' && config.demo && !config.isPortGiven) return open(0)
    throw listenError(config, code) ?? thrown
  }
}

function listenError({ host, port }: ServeConfig, code: unknown): AppError | undefined {
  const place = `${urlHost(host)}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return new AppError('conflict', `Another program already listens on ${place}.`, {
        hint: 'Give another port with --port N (0 takes a free one).',
      })
    case 'EACCES':
      return new AppError('bad-request', `This user may not listen on ${place}.`, {
        hint: 'Give a port from 1024 up with --port N.',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('bad-request', `This machine has no address ${host}.`, {
        hint: 'Give one of its own with --host, 127.0.0.1 for this machine alone.',
      })
    default:
      return undefined
  }
}

/** Built files lie at dist/app, sources at src/app: the page is in dist/web seen from both. */
function findWebRoot(): string | null {
  const root = fileURLToPath(new URL('../../dist/web', import.meta.url))
  return existsSync(join(root, 'index.html')) ? root : null
}

/** A link lives ten minutes and works once; who comes later finds a fresh one in the file. */
function keepLinkFresh(write: () => void, data: DataDirectory): () => void {
  const timer = setInterval(write, limits.firstStartTokenMs / 2)
  return () => {
    clearInterval(timer)
    rmSync(data.linkFile, { force: true })
  }
}

/** As long as this server runs, the others of its store take its API token too. Gives the end of it. */
async function tellToken(sessions: SessionStore, data: DataDirectory): Promise<() => void> {
  const digest = apiTokenDigest(digestOf(ensureApiToken(data)))
  const tell = async () => {
    const createdAt = systemClock.now()
    const end = createdAt + limits.apiTokenToldMs
    await sessions.put({ digest, createdAt, expiresAt: end, idleUntil: end })
  }
  await tell()
  const timer = setInterval(() => void tell().catch(() => undefined), limits.apiTokenToldMs / 4)
  return () => clearInterval(timer)
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
