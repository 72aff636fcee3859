/** One random trial of a durable run: faults by a seed on the way, and the verdict on store and viewers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { spoolFiles, spoolsIn } from './durable-runs.ts'
import { faultsOfRun } from './exact.ts'
import { type Farglass, startFarglass } from './farglass.ts'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { type FaultKind, type PlannedFault, planFaults, runFaults } from './nemesis.ts'
import { type ProxiedSshd, startProxiedSshd } from './proxied-sshd.ts'
import { type RecordingViewer, recordByClient, recordByLastEventId } from './recording-viewer.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import { makeTruth, type Truth } from './truth.ts'
import { until } from './until.ts'
import { endOf } from './viewers-end.ts'

export interface TrialOptions {
  readonly seed: number
  readonly lines: number
  readonly linesPerSecond: number
  /** How many faults, at the least and at the most. */
  readonly faults: readonly [least: number, most: number]
  /** From the start to the end of the last viewer. */
  readonly timeoutMs: number
}

export interface TrialResult {
  readonly seed: number
  /** Nothing when all was exact. */
  readonly faults: readonly string[]
  readonly injected: readonly PlannedFault[]
  readonly seconds: number
  /** Connections to the host, and answered ones of all viewers. */
  readonly hostConnections: number
  readonly viewerConnections: number
}

/** Never rejects for what the product does: that is the result. */
export async function runDurableTrial(options: TrialOptions): Promise<TrialResult> {
  const begin = performance.now()
  await using truth = await makeTruth(options)
  await using host = await startProxiedSshd()
  const { sshConfigFile } = host
  await using server = await startFarglass({ sshConfigFile, auth: 'none' })
  await using web = await startFaultProxy({ targetPort: server.port })
  const trial: Trial = { options, truth, host, server, web, random: seededRandom(options.seed) }
  return await runIn(trial, begin)
}

interface Trial {
  readonly options: TrialOptions
  readonly truth: Truth
  readonly host: ProxiedSshd
  readonly server: Farglass
  readonly web: FaultProxy
  readonly random: SeededRandom
}

async function runIn(trial: Trial, begin: number): Promise<TrialResult> {
  const { options, truth, host, server, random } = trial
  const { seed, lines, linesPerSecond, timeoutMs } = options
  const source = { kind: 'command', command: truth.command } as const
  const { id } = await server.api.start({ target: host.alias, source })
  const viewers = watchFromStart(trial, id)
  // A server that dies before it has reached the host starts nothing afterwards: that is another test.
  await until('the command has started', () => truth.starts() > 0)
  const kinds = faultKinds(trial, () => viewers)
  const lengthMs = (lines / linesPerSecond) * 1_000
  const plan = planFaults(random, kinds, {
    startMs: 200,
    endMs: lengthMs,
    count: random.between(...options.faults),
  })
  const over = AbortSignal.timeout(timeoutMs)
  const joiner = joinLate(trial, id, random.between(0, lengthMs)).then((late) => viewers.push(late))
  const injected = await runFaults(plan, kinds, over)
  await joiner
  const late = await endOf(viewers, over)
  const more = { 'server-stderr.txt': server.stderr(), 'sshd.log': await host.sshd.log() }
  const verdict = { api: server.api, run: id, truth, viewers, seed, plan: injected, more }
  const faults = [
    ...late,
    ...(await outcomeFaults(server, id)),
    ...(await faultsOfRun(verdict)),
    ...(await leftovers(host)),
  ]
  const viewerConnections = viewers.reduce((sum, { connections }) => sum + connections, 0)
  for (const viewer of viewers) await viewer[Symbol.asyncDispose]()
  const seconds = (performance.now() - begin) / 1_000
  const hostConnections = host.proxy.accepted
  return { seed, faults, injected, seconds, hostConnections, viewerConnections }
}

/** Two that the faults of the way to the server meet, and one that only meets those of the server. */
function watchFromStart({ server, web }: Trial, run: string): RecordingViewer[] {
  const byProxy = { run, baseUrl: `http://127.0.0.1:${web.port}` }
  return [
    recordByClient({ ...byProxy, who: 'our client' }),
    recordByLastEventId({ ...byProxy, who: 'a reader by Last-Event-ID' }),
    recordByClient({ run, baseUrl: server.url, who: 'our client without a proxy' }),
  ]
}

async function joinLate({ web }: Trial, run: string, afterMs: number): Promise<RecordingViewer> {
  await sleep(afterMs)
  return recordByClient({ run, baseUrl: `http://127.0.0.1:${web.port}`, who: 'a late joiner' })
}

async function outcomeFaults(server: Farglass, id: string): Promise<string[]> {
  const { state, outcome, lost, duplicated } = await server.api.get(id)
  if (state === 'ended' && outcome === 'succeeded' && lost === 0 && duplicated === 0) return []
  return [`the run is ${state}, ${outcome}, with ${lost} lost and ${duplicated} duplicated`]
}

/** What is still on the host once everything is stored. */
async function leftovers({ sshd }: ProxiedSshd): Promise<string[]> {
  const left = () => [
    // A door that was shut after the run is a state without output.
    ...spoolsIn(sshd.stateHome).filter((spool) => spoolFiles(spool).join() !== 'state'),
    ...sshd.processes().map(({ command }) => command),
  ]
  // The connection of the run is kept for a while; of the run itself nothing is.
  const isOwn = (what: string) => !what.startsWith('sshd: ')
  const isGone = () => !left().some(isOwn)
  try {
    await until('nothing is left', isGone)
    return []
  } catch {
    return [`left on the host: ${left().filter(isOwn).join(', ')}`]
  }
}

/** What can happen between host, server and viewers, each as long as it may last. */
function faultKinds(
  { host, server, web }: Trial,
  viewers: () => readonly RecordingViewer[],
): Record<string, FaultKind> {
  const { sshd, proxy } = host
  const atOnce = (act: () => unknown): FaultKind => ({
    act: async () => act(),
    msMin: 0,
    msMax: 0,
  })
  return {
    'sshd sessions killed': atOnce(() => sshd.killSessions()),
    'SSH connections reset': atOnce(() => proxy.reset()),
    'SSH connections closed': atOnce(() => proxy.close()),
    'black hole on the way to the host': blackHole(proxy, 500, 6_000),
    'sshd not listening, and its sessions killed': {
      async act(forMs, signal) {
        await sshd.stopListener()
        await sshd.killSessions()
        await hold(forMs, signal)
        await sshd.startListener()
      },
      msMin: 200,
      msMax: 2_500,
    },
    'server killed with -9 and started again': {
      async act(forMs, signal) {
        await server.kill('SIGKILL')
        await hold(forMs, signal)
        await server.restart()
      },
      msMin: 0,
      msMax: 1_500,
    },
    'viewers dropped': atOnce(() => {
      for (const viewer of viewers()) viewer.drop()
    }),
    'black hole on the way to the server': blackHole(web, 300, 3_000),
  }
}

function blackHole(proxy: FaultProxy, msMin: number, msMax: number): FaultKind {
  return {
    async act(forMs, signal) {
      proxy.startBlackHole()
      await hold(forMs, signal)
      proxy.endBlackHole()
    },
    msMin,
    msMax,
  }
}

/** Waits, but not beyond the end of the trial. */
async function hold(forMs: number, signal: AbortSignal): Promise<void> {
  await sleep(forMs, undefined, { signal }).catch(() => {})
}
