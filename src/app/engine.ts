/** The engine: store, ssh and run service joined. Under `serve`, or inside a single command. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createMatchThreads } from '../adapters/match-threads/match-threads.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { newRunId, randomName } from '../adapters/system/ids.ts'
import { createSecretBox } from '../adapters/system/secret-box.ts'
import { secretKeyPlace } from '../adapters/system/secret-key.ts'
import type { HostBook } from '../core/hosts/host-book.ts'
import { logText } from '../core/log-text.ts'
import { createMetrics, type Metrics } from '../core/metrics/metrics.ts'
import type { Retention } from '../core/retention/retention.ts'
import type { RunFiles } from '../core/run-files/run-files.ts'
import type { LocalRunService } from '../core/runs/run-service-parts.ts'
import type { SavedCommands } from '../core/saved-commands/saved-commands.ts'
import { createSearch, type Search } from '../core/search/search.ts'
import { KeptSecrets } from '../core/secrets/kept-secrets.ts'
import type { KeyRotation } from '../core/secrets/key-rotation.ts'
import type { RecordStore } from '../core/store/record-store.ts'
import { sealRuns } from '../core/store/sealer.ts'
import type { SessionStore } from '../core/store/session-store.ts'
import type { Automation } from '../http/parts.ts'
import type { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'
import type { RunId } from '../shared/run.ts'
import { type AutomationParts, createAutomation } from './automation.ts'
import { type CleanUp, createCleanUp } from './clean-up.ts'
import { type DataDirectory, ensureDataDirectory } from './data-directory.ts'
import { type EngineStore, openEngineStore } from './engine-store.ts'
import { lazyHostBook } from './host-book.ts'
import { openInventory } from './inventory.ts'
import { lazyKeyRotation } from './key-rotation.ts'
import type { RedisAccess } from './redis-access.ts'
import { engineRetention } from './retention.ts'
import { lazyRunFiles } from './run-files.ts'
import { lazySavedCommands } from './saved-commands.ts'

export interface EngineOptions {
  readonly data: DataDirectory
  readonly sync: 'full' | 'interval'
  /** The Redis that several nodes share; null for a store in the data directory. */
  readonly redis: RedisAccess | null
  /** What each run may take in that Redis, and where older lines go; null without one. */
  readonly keep: Keep | null
  /** Given to ssh as `-F`; null for the user's own configuration. */
  readonly sshConfigFile: string | null
  /** Hosts, groups and tags; null for `inventory.yaml` of the data directory. */
  readonly inventoryFile: string | null
  /** Key of stored secrets; null for the credential of systemd, or else the file of the user. */
  readonly secretKeyFile: string | null
  /** Which runs of processes that are gone are carried on; what ended with them is told as lost. */
  readonly recover: 'all' | 'none'
  readonly automation: Pick<AutomationParts, 'webhookAllow' | 'base'>
  /** Removes by itself what retention keeps no longer, and says what; else only when it is asked. */
  readonly retains: boolean
  /** Tells the log of the process what it does by itself, what it cannot do, and faults of its own. */
  readonly say: (text: string) => void
}

interface Keep {
  readonly bytes: number
  readonly archive: string | null
}

export interface Engine extends AsyncDisposable {
  readonly service: LocalRunService
  readonly sessions: SessionStore
  readonly records: RecordStore
  readonly search: Search
  readonly hosts: HostBook
  readonly commands: SavedCommands
  readonly retention: Retention
  readonly runFiles: RunFiles
  readonly keyRotation: KeyRotation
  readonly metrics: Metrics
  readonly automation: Automation
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
  const metrics = createMetrics()
  const place = secretKeyPlace(options.secretKeyFile, process.env, (file) => existsSync(file))
  const secrets = createSecretBox(place)
  const { store, hosts, createRunService } = await openParts(options, cleanUp, metrics)
  const { sshConfigFile, inventoryFile } = options
  const { sessions, records, nodes } = store
  const dataDirectory = options.data.path
  const inventory = openInventory({ sshConfigFile, inventoryFile, dataDirectory, records })
  const commands = lazySavedCommands({ records, inventory })
  const automation = createAutomation({
    ...options.automation,
    records,
    bell: store.firings,
    secrets,
    metrics,
    nodes,
    inventory,
    commands,
    runs: () => service,
    say: options.say,
  })
  const service: LocalRunService = createRunService({
    log: store.log,
    catalog: store.catalog,
    hosts,
    inventory,
    clock: systemClock,
    metrics,
    newRunId,
    newNonce: () => randomName(26),
    random: Math.random,
    nodes,
    own: automation.own,
    say: options.say,
    watch: store.watch,
    words: store.words,
    kept: new KeptSecrets({ records: store.records, box: secrets, clock: systemClock }),
  })
  // Others go on with what this one had, as soon as it has let go of it.
  cleanUp.add(() => nodes[Symbol.asyncDispose]())
  // Before any run is taken over, so that none escapes it.
  if (options.recover === 'all') cleanUp.add(await automation.start())
  cleanUp.add(() => service.close())
  await service.recover(options.recover)
  cleanUp.add(keepWithinBounds(options, { ...store, service }, metrics))
  const kept = engineRetention({ ...store, clock: systemClock, metrics })
  if (options.retains) cleanUp.add(await kept.work(options.say))
  const matchers = createMatchThreads()
  cleanUp.add(async () => matchers[Symbol.asyncDispose]())
  const search = createSearch({ log: store.log, runs: service, matchers, clock: systemClock })
  const book = lazyHostBook({ ...store, hosts, inventory, sshConfigFile })
  return {
    service,
    search,
    sessions,
    records,
    hosts: book,
    commands,
    retention: kept.retention,
    runFiles: lazyRunFiles({ ...store, own: store.nodes.own }),
    keyRotation: lazyKeyRotation({ records, box: secrets, place }),
    metrics,
    automation,
    [Symbol.asyncDispose]: () => cleanUp.run(),
  }
}

/** Moves lines out of the store that are too many there, until the returned function is called. */
function keepWithinBounds(
  { keep, say }: EngineOptions,
  { tiers, catalog, nodes, service }: EngineStore & { readonly service: LocalRunService },
  metrics: Metrics,
): () => Promise<void> {
  if (tiers === null || keep === null) return async () => {}
  const stop = new AbortController()
  const policy = { keepBytes: keep.bytes, coldAfterMs: limits.sealColdAfterMs }
  const onTrouble = (reason: AppError | null) =>
    say(
      reason === null
        ? 'Lines are moved out of Redis again.'
        : `Lines stay in Redis, which is tried again: ${logText(reason)}`,
    )
  const onRemoved = (run: RunId, first: number) => service.beginsAt(run, first)
  const parts = { ...tiers, catalog, metrics, policy, onTrouble, onRemoved, own: nodes.own }
  const sealing = sealRuns({ ...parts, clock: systemClock, random: Math.random }, stop.signal)
  return async () => {
    stop.abort()
    await sealing
  }
}

/**
 * Store and ssh start, and later end, beside each other: each takes its time. What they wait for,
 * processes and threads, is started before the rest of the code is loaded.
 */
async function openParts(options: EngineOptions, cleanUp: CleanUp, metrics: Metrics) {
  const { data, sync, redis, sshConfigFile } = options
  const { createOpenSshHosts } = await import('../adapters/openssh/openssh-hosts.ts')
  const ssh = { runtimeDir: runtimeDirectory(data), sshConfigFile, clock: systemClock }
  // Settled: nobody awaits them yet.
  const openingHosts = Promise.allSettled([createOpenSshHosts(ssh)])
  const archive = options.keep?.archive ?? null
  const place = { directory: data.path, sync, redis, archive }
  const openingStore = Promise.allSettled([openEngineStore(place, metrics)])
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
