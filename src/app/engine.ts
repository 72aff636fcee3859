/** The engine: store, ssh and run service joined. Under `serve`, or inside a single command. */
import { join } from 'node:path'
import { createMatchThreads } from '../adapters/match-threads/match-threads.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { newRunId, randomName } from '../adapters/system/ids.ts'
import { createMetrics, type Metrics } from '../core/metrics/metrics.ts'
import type { LocalRunService } from '../core/runs/create-run-service.ts'
import { createSearch, type Search } from '../core/search/search.ts'
import type { SessionStore } from '../core/store/session-store.ts'
import { type CleanUp, createCleanUp } from './clean-up.ts'
import { type DataDirectory, ensureDataDirectory } from './data-directory.ts'
import { openEngineStore } from './engine-store.ts'

export interface EngineOptions {
  readonly data: DataDirectory
  readonly sync: 'full' | 'interval'
  /** Address of the Redis that several nodes share; null for a store in the data directory. */
  readonly redis: string | null
  /** Given to ssh as `-F`; null for the user's own configuration. */
  readonly sshConfigFile: string | null
  /** Which runs of processes that are gone are carried on; what ended with them is told as lost. */
  readonly recover: 'all' | 'none'
}

export interface Engine extends AsyncDisposable {
  readonly service: LocalRunService
  readonly sessions: SessionStore
  readonly search: Search
  readonly metrics: Metrics
}

/**
 * Opens the store and takes the runs of processes that are gone to their end. Disposing stops every
 * run first, then the connections, then the store.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  ensureDataDirectory(options.data)
  const cleanUp = createCleanUp()
  try {
    return await joinParts(options, cleanUp)
  } catch (thrown) {
    await cleanUp.run()
    throw thrown
  }
}

async function joinParts(options: EngineOptions, cleanUp: CleanUp): Promise<Engine> {
  const { store, hosts, createRunService } = await openParts(options, cleanUp)
  const metrics = createMetrics()
  const service = createRunService({
    log: store.log,
    catalog: store.catalog,
    hosts,
    clock: systemClock,
    metrics,
    newRunId,
    newNonce: () => randomName(26),
    random: Math.random,
    nodes: store.nodes,
    watch: store.watch,
  })
  // Others go on with what this one had, as soon as it has let go of it.
  cleanUp.add(() => store.nodes[Symbol.asyncDispose]())
  cleanUp.add(() => service.close())
  await service.recover(options.recover)
  const { sessions } = store
  const matchers = createMatchThreads()
  cleanUp.add(async () => matchers[Symbol.asyncDispose]())
  const search = createSearch({ log: store.log, runs: service, matchers, clock: systemClock })
  return { service, search, sessions, metrics, [Symbol.asyncDispose]: () => cleanUp.run() }
}

/**
 * Store and ssh start, and later end, beside each other: each takes its time. What they wait for,
 * processes and threads, is started before the rest of the code is loaded.
 */
async function openParts(options: EngineOptions, cleanUp: CleanUp) {
  const { data, sync, redis, sshConfigFile } = options
  const { createOpenSshHosts } = await import('../adapters/openssh/openssh-hosts.ts')
  const ssh = { runtimeDir: runtimeDirectory(data), sshConfigFile, clock: systemClock }
  // Settled: nobody awaits them yet.
  const openingHosts = Promise.allSettled([createOpenSshHosts(ssh)])
  const place = { directory: data.path, sync, redis }
  const openingStore = Promise.allSettled([openEngineStore(place)])
  const { createRunService } = await import('../core/runs/create-run-service.ts')
  const [[store], [hosts]] = await Promise.all([openingStore, openingHosts])
  cleanUp.add(async () => {
    const open = [store, hosts].flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []))
    await Promise.all(open.map((part) => part[Symbol.asyncDispose]()))
  })
  if (store.status === 'rejected') throw store.reason
  if (hosts.status === 'rejected') throw hosts.reason
  return { store: store.value, hosts: hosts.value, createRunService }
}

/** For the sockets of ssh, private to this user; the adapter makes its own directory in it. */
function runtimeDirectory(data: DataDirectory): string {
  return join(process.env['XDG_RUNTIME_DIR'] ?? data.path, 'farglass')
}
