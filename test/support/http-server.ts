/** A Farglass server on a free port: real HTTP and run service, memory store, shells as hosts. */

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatchThreads } from '../../src/adapters/match-threads/match-threads.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { newRunId, randomName } from '../../src/adapters/system/ids.ts'
import { createSecretBox } from '../../src/adapters/system/secret-box.ts'
import { createAutomation } from '../../src/app/automation.ts'
import { lazyHostBook } from '../../src/app/host-book.ts'
import { lazyKeyRotation } from '../../src/app/key-rotation.ts'
import { lazyRunFiles } from '../../src/app/run-files.ts'
import { lazySavedCommands } from '../../src/app/saved-commands.ts'
import type { HostBook } from '../../src/core/hosts/host-book.ts'
import { createAddedHosts } from '../../src/core/inventory/added-hosts.ts'
import { createMetrics, type Metrics } from '../../src/core/metrics/metrics.ts'
import { createMemoryFiringBell } from '../../src/core/nodes/firing-bell.ts'
import { createMemoryNodes } from '../../src/core/nodes/memory-nodes.ts'
import type { Nodes } from '../../src/core/nodes/nodes.ts'
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { createRetention, type Retention } from '../../src/core/retention/retention.ts'
import type { RunFiles } from '../../src/core/run-files/run-files.ts'
import { createRunService } from '../../src/core/runs/create-run-service.ts'
import type { RunService } from '../../src/core/runs/run-service.ts'
import type { LocalRunService } from '../../src/core/runs/run-service-parts.ts'
import type { SavedCommands } from '../../src/core/saved-commands/saved-commands.ts'
import { createSearch, type Search } from '../../src/core/search/search.ts'
import type { KeyRotation } from '../../src/core/secrets/key-rotation.ts'
import { createMemoryStore, type MemoryStore } from '../../src/core/store/memory-store.ts'
import { digestOf } from '../../src/http/auth/tokens.ts'
import type { Automation } from '../../src/http/parts.ts'
import { createHttpServer, type HttpOptions, type HttpServer } from '../../src/http/server.ts'
import type { Run } from '../../src/shared/run.ts'
import { failOnFault } from './fail-on-fault.ts'
import { testKeptSecrets } from './kept-secrets.ts'
import { localHosts } from './local-hosts.ts'
import { until } from './until.ts'

export interface TestServer extends HttpServer {
  readonly base: string
  readonly service: RunService
  readonly search: Search
  readonly hosts: HostBook
  readonly commands: SavedCommands
  readonly retention: Retention
  readonly runFiles: RunFiles
  readonly keyRotation: KeyRotation
  readonly store: MemoryStore
  readonly metrics: Metrics
  readonly automation: Automation
  /** Calls of the run service that came through HTTP, by name. */
  readonly calls: string[]
  /** Followers that are open now. */
  followers(): number
  /** Starts a command on one host, straight at the service. */
  run(command: string): Promise<Run>
  /** The run once it has ended. */
  ended(id: string): Promise<Run>
  [Symbol.asyncDispose](): Promise<void>
}

/** The bearer token that `auth: 'token'` takes. */
export const bearer = 'test-token-0123456789abcdef'

export interface TestServerOptions extends Partial<Omit<HttpOptions, 'auth' | 'hosts'>> {
  readonly auth?: 'none' | 'token'
  readonly hosts?: RemoteHosts
  /** A store of an earlier server: what a restart finds. */
  readonly store?: MemoryStore
  /** Where its key for secrets is; an earlier server's, to open what that has sealed. */
  readonly secretKeyFile?: string
  readonly webhookAllow?: readonly string[]
  /** This server among others of its store. */
  readonly nodes?: Nodes
}

export async function startHttpServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { auth = 'none', hosts = localHosts(), store = createMemoryStore(), ...more } = options
  const { secretKeyFile = newKeyFile(), webhookAllow = ['127.0.0.0/8'], ...others } = more
  const { nodes = createMemoryNodes().join('test'), ...rest } = others
  const metrics = createMetrics()
  const { records } = store
  const added = createAddedHosts(records)
  const inventory = { read: () => added.read() }
  const commands = lazySavedCommands({ records, inventory })
  const place = { file: secretKeyFile, origin: 'default' } as const
  const box = createSecretBox(place)
  const automation = createAutomation({
    records,
    bell: createMemoryFiringBell(),
    secrets: box,
    metrics,
    nodes,
    inventory,
    commands,
    runs: () => inner,
    webhookAllow,
    base: () => 'https://ops.example.com',
    say: failOnFault,
  })
  const inner: LocalRunService = createRunService({
    log: store.log,
    catalog: store.catalog,
    hosts,
    inventory,
    clock: systemClock,
    metrics,
    newRunId,
    newNonce: () => randomName(24),
    random: Math.random,
    nodes,
    own: automation.own,
    say: failOnFault,
    watch: store.watch,
    kept: testKeptSecrets(store.records),
  })
  const matchers = createMatchThreads()
  const search = createSearch({ log: store.log, runs: inner, matchers, clock: systemClock })
  const book = lazyHostBook({ ...store, hosts, inventory, sshConfigFile: null })
  const runFiles = lazyRunFiles({ ...store, own: 'test' })
  const retention = createRetention({ ...store, clock: systemClock })
  const calls: string[] = []
  const counts = { followers: 0 }
  const keyRotation = lazyKeyRotation({ records, box, place })
  const server = await createHttpServer({
    service: watched(inner, calls, counts),
    search,
    hosts: book,
    commands,
    retention,
    runFiles,
    keyRotation,
    sessions: store.sessions,
    clock: systemClock,
    metrics,
    automation,
    host: '127.0.0.1',
    port: 0,
    auth: auth === 'none' ? { kind: auth } : { kind: auth, apiTokenDigests: [digestOf(bearer)] },
    webRoot: null,
    allowedHosts: [],
    version: '0.0.0-test',
    ...rest,
  })
  const stopAutomation = await automation.start()
  return {
    ...server,
    base: `http://127.0.0.1:${server.port}`,
    service: inner,
    search,
    hosts: book,
    commands,
    retention,
    runFiles,
    keyRotation,
    store,
    metrics,
    automation,
    calls,
    followers: () => counts.followers,
    run: (command) =>
      inner.start({ request: { target: 'local', source: { kind: 'command', command } } }),
    ended: (id) =>
      until(`run ${id} ends`, async () => {
        const run = await inner.get(id)
        return run.state === 'ended' && run
      }),
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await matchers[Symbol.asyncDispose]()
      await inner.close()
      await stopAutomation()
      await hosts[Symbol.asyncDispose]()
    },
  }
}

function newKeyFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'fg-key-')), 'secret-key')
}

/** The same service, which writes down what is called and counts open followers. */
function watched(
  inner: LocalRunService,
  calls: string[],
  counts: { followers: number },
): RunService {
  const note = (name: string) => void calls.push(name)
  return {
    start: (start) => (note('start'), inner.start(start)),
    get: (id) => (note('get'), inner.get(id)),
    list: (query) => (note('list'), inner.list(query)),
    listed: (query) => (note('listed'), inner.listed(query)),
    stop: (id) => (note('stop'), inner.stop(id)),
    remove: (id) => (note('remove'), inner.remove(id)),
    pin: (id, isPinned) => (note('pin'), inner.pin(id, isPinned)),
    answer: (id, task, answer) => (note('answer'), inner.answer(id, task, answer)),
    marks: (id) => (note('marks'), inner.marks(id)),
    mark: (id, wish) => (note('mark'), inner.mark(id, wish)),
    name: (id, name) => inner.name(id, name),
    readAlong: (id, signal) => (note('readAlong'), inner.readAlong(id, signal)),
    read: (id, from, bytesMax) => (note('read'), inner.read(id, from, bytesMax)),
    follow: async function* (id, from, signal) {
      note('follow')
      counts.followers += 1
      try {
        yield* inner.follow(id, from, signal)
      } finally {
        counts.followers -= 1
      }
    },
  }
}
