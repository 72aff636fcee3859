/** The HTTP server: API, streams, the article's routes and the page, behind one guard. */
import fastify, { type FastifyInstance } from 'fastify'
import type { Clock } from '../core/clock.ts'
import { createRunGroups } from '../core/groups/run-groups.ts'
import type { HostBook } from '../core/hosts/host-book.ts'
import type { Metrics } from '../core/metrics/metrics.ts'
import type { Retention } from '../core/retention/retention.ts'
import type { RunFiles } from '../core/run-files/run-files.ts'
import type { RunService } from '../core/runs/run-service.ts'
import type { SavedCommands } from '../core/saved-commands/saved-commands.ts'
import type { Search } from '../core/search/search.ts'
import type { KeyRotation } from '../core/secrets/key-rotation.ts'
import type { SessionStore } from '../core/store/session-store.ts'
import { automationLimits } from '../shared/automation-limits.ts'
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import type { AuthMode } from './auth/authentication.ts'
import { FirstStart } from './auth/first-start.ts'
import { Sessions } from './auth/sessions.ts'
import { Tries } from './auth/tries.ts'
import { addBodyParsers } from './body-parsers.ts'
import { boundBodies } from './body-time.ts'
import { addErrors, answerGarbage, sendError } from './errors.ts'
import { hostName, isLoopbackName } from './guard.ts'
import { addGuard } from './guard-hook.ts'
import { logOptions } from './log.ts'
import { addOpenApi, openApiRoute } from './openapi/document.ts'
import type { App, Automation, Parts } from './parts.ts'
import { routes } from './routes/routes.ts'
import { watchSessions } from './sse/session-watch.ts'
import { type StreamLimits, Viewers } from './sse/viewers.ts'
import { Site } from './static/site.ts'
import { validatorCompiler } from './validation.ts'

export interface HttpOptions {
  readonly service: RunService
  readonly search: Search
  readonly hosts: HostBook
  readonly commands: SavedCommands
  readonly retention: Retention
  readonly runFiles: RunFiles
  readonly keyRotation: KeyRotation
  readonly sessions: SessionStore
  readonly clock: Clock
  readonly metrics: Metrics
  readonly automation: Automation
  /** Address to listen on. */
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly auth: AuthMode
  /** Directory of the built page, null for an API without one. */
  readonly webRoot: string | null
  /** Names beside `localhost`, the loopback addresses and `host` under which the server answers. */
  readonly allowedHosts: readonly string[]
  readonly version: string
  /** A link has signed a browser in and is used up. */
  readonly onLinkUsed?: () => void
  /** Other limits of streams than those of `shared/limits.ts`. */
  readonly streamLimits?: Partial<StreamLimits>
}

export interface HttpServer {
  readonly port: number
  /** An address that signs one browser in, once, within ten minutes, and opens `path` ("/"). */
  newLink(path?: string): Promise<string>
  /** Says `bye` to all streams, lets requests under way finish, and resolves in less than 5 s. */
  close(): Promise<void>
}

/** Resolves when it listens. Rejects with `bad-request` when it would be open to others. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  refuseOpenServer(options)
  const { clock, auth, metrics } = options
  const app = newApp()
  const parts: Parts = {
    service: options.service,
    search: options.search,
    hosts: options.hosts,
    commands: options.commands,
    retention: options.retention,
    runFiles: options.runFiles,
    keyRotation: options.keyRotation,
    groups: createRunGroups({ service: options.service, clock }),
    auth: {
      mode: auth,
      sessions: new Sessions(options.sessions, clock),
      port: () => portOf(app),
    },
    firstStart: new FirstStart({ store: options.sessions, clock, onUsed: options.onLinkUsed }),
    tries: new Tries(clock),
    triggerTries: new Tries(clock, {
      what: 'requests to this trigger',
      max: () => automationLimits.triggerTriesPerMinuteMax,
    }),
    clock,
    viewers: new Viewers(clock, metrics, options.streamLimits),
    metrics,
    site: new Site(options.webRoot),
    automation: options.automation,
    version: options.version,
  }
  await addRoutes(app, parts, allowedHosts(options))
  await app.listen({ host: options.host, port: options.port })
  metrics.set('farglass_info', 1, { version: options.version })
  const unwatchSessions = watchSessions(parts, clock)
  const unwatchViewers = metrics.beforeReading(() => parts.viewers.setFigures())
  const base = `http://${linkHost(options.host)}:${portOf(app)}`
  return {
    port: portOf(app),
    newLink: async (path = '/') =>
      base + path + (auth.kind === 'none' ? '' : `#t=${await parts.firstStart.newToken()}`),
    close: async () => {
      unwatchSessions()
      unwatchViewers()
      await closeApp(app, parts.viewers, clock)
    },
  }
}

function newApp(): App {
  return fastify({
    logger: logOptions,
    bodyLimit: limits.bodyBytesMax,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // The guard says it in our own words.
    return503OnClosing: false,
    // Slow senders of heads are cut; those of bodies by `boundBodies`. Answers may take as long as they like.
    http: { headersTimeout: limits.requestHeadTimeoutMs, requestTimeout: 0, keepAlive: true },
    routerOptions: {
      querystringParser: (text) => Object.fromEntries(new URLSearchParams(text)),
    },
    frameworkErrors: (error, request, reply) => {
      sendError(request, reply, error)
    },
    clientErrorHandler: answerGarbage,
  })
}

/** The order counts: the guard sees every route, the document collects them. */
async function addRoutes(app: App, parts: Parts, hosts: ReadonlySet<string>): Promise<void> {
  app.setValidatorCompiler(validatorCompiler)
  // Answers are our own types: checking them again would only cost.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  addErrors(app)
  addGuard(app, { auth: parts.auth, allowedHosts: hosts, viewers: parts.viewers })
  addBodyParsers(app)
  boundBodies(app.server, parts.clock)
  await addOpenApi(app, parts.version)
  openApiRoute(app)
  for (const route of routes) route(app, parts)
}

/** Streams first: the server would wait for them for ever. Then what is left has a moment. */
async function closeApp(app: FastifyInstance | App, viewers: Viewers, clock: Clock): Promise<void> {
  const half = limits.shutdownMs * 0.4
  await viewers.farewell(half)
  const giveUp = clock.after(half, () => app.server.closeAllConnections())
  try {
    await app.close()
  } finally {
    giveUp()
  }
}

function refuseOpenServer({ auth, host }: HttpOptions): void {
  if (auth.kind !== 'none' || isLoopbackName(host)) return
  throw new AppError('bad-request', `Without a login Farglass does not listen on ${host}.`, {
    hint: 'Listen on 127.0.0.1, or use "--auth token".',
  })
}

function allowedHosts({ host, allowedHosts: more }: HttpOptions): ReadonlySet<string> {
  const names = ['localhost', '127.0.0.1', '[::1]', urlHost(host), ...more.map(urlHost)]
  return new Set(names.map(hostName))
}

/** An address of all interfaces is none that a browser can open. */
function linkHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : urlHost(host)
}

function urlHost(host: string): string {
  const isBareV6 = host.includes(':') && !host.startsWith('[') && host.split(':').length > 2
  return isBareV6 ? `[${host}]` : host
}

function portOf(app: App): number {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
