/** One random trial of several nodes: viewers that join and break off, Redis and nodes that are killed and paused. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpApi } from '../../src/client/http-api.ts'
import { limits } from '../../src/shared/limits.ts'
import { faultsOfRun } from './exact.ts'
import type { Farglass } from './farglass.ts'
import { type FarglassNodes, runKey, startFarglassNodes } from './farglass-nodes.ts'
import { type FaultKind, type PlannedFault, runFaults } from './nemesis.ts'
import { type RecordingViewer, recordByClient, recordByLastEventId } from './recording-viewer.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import type { RedisKind } from './shared-redis.ts'
import { makeTruth, type Truth } from './truth.ts'
import { until } from './until.ts'
import { endOf } from './viewers-end.ts'

export interface NodesTrialOptions {
  readonly seed: number
  readonly redis: RedisKind
  readonly lines: number
  readonly linesPerSecond: number
  readonly viewers: number
  /** How often each befalls the trial. */
  readonly faults: Readonly<Record<NodesFault, number>>
  /** From the start to the end of the last viewer. */
  readonly timeoutMs: number
}

export type NodesFault =
  | 'a viewer is cut'
  | 'Redis is killed with -9'
  | 'a node is killed with -9'
  | 'a node is paused past its lease'

export interface NodesTrialResult {
  readonly seed: number
  /** Nothing when all was exact. */
  readonly faults: readonly string[]
  readonly injected: readonly PlannedFault[]
  readonly seconds: number
  readonly viewerConnections: number
}

/** Never rejects for what the product does: that is the result. */
export async function runNodesTrial(options: NodesTrialOptions): Promise<NodesTrialResult> {
  const begin = performance.now()
  const random = seededRandom(options.seed)
  await using truth = await makeTruth(options)
  await using cluster = await startFarglassNodes(3, { random, kind: options.redis })
  const trial: Trial = { options, random, truth, cluster, viewers: [] }
  try {
    const over = AbortSignal.timeout(options.timeoutMs)
    const run = await start(trial)
    const joining = join(trial, run)
    const injected = await runFaults(planOf(trial), kindsOf(trial, run), over)
    await joining
    const late = await endOf(trial.viewers, over)
    const faults = [...late, ...(await verdictOn(trial, run, injected))]
    const seconds = (performance.now() - begin) / 1_000
    const viewerConnections = trial.viewers.reduce((sum, one) => sum + one.connections, 0)
    return { seed: options.seed, faults, injected, seconds, viewerConnections }
  } finally {
    for (const viewer of trial.viewers) await viewer[Symbol.asyncDispose]()
  }
}

interface Trial {
  readonly options: NodesTrialOptions
  readonly random: SeededRandom
  readonly truth: Truth
  readonly cluster: FarglassNodes
  readonly viewers: RecordingViewer[]
}

async function start({ cluster, truth }: Trial): Promise<string> {
  const source = { kind: 'command', command: truth.command } as const
  const api = createHttpApi({ baseUrl: cluster.url })
  const { id } = await api.start({ target: cluster.sshd.alias, source })
  // What was not started when its node dies is not started by the next one: that is another test.
  await until('the command has started', () => truth.starts() > 0)
  return id
}

/** Each at a random moment, at a random node, in one of two ways. */
async function join({ options, random, cluster, viewers }: Trial, run: string): Promise<void> {
  const lengthMs = (options.lines / options.linesPerSecond) * 1_000
  const moments = Array.from({ length: options.viewers }, () => random.between(0, lengthMs))
  const begin = performance.now()
  for (const [index, atMs] of moments.toSorted((a, b) => a - b).entries()) {
    await sleep(Math.max(0, begin + atMs - performance.now()))
    const record = random.pick([recordByClient, recordByLastEventId])
    viewers.push(record({ who: `viewer ${index}`, baseUrl: cluster.url, run }))
  }
}

function planOf({ options, random }: Trial): PlannedFault[] {
  const { lines, linesPerSecond, faults } = options
  const endMs = (lines / linesPerSecond) * 1_000
  const lasting = (kind: string) => (kind === 'a viewer is cut' ? 0 : random.between(100, 1_500))
  return Object.entries(faults)
    .flatMap(([kind, count]) => Array.from({ length: count }, () => kind))
    .map((kind) => ({ atMs: random.between(500, endMs), kind, forMs: lasting(kind) }))
    .toSorted((a, b) => a.atMs - b.atMs)
}

function kindsOf({ cluster, viewers, random }: Trial, run: string): Record<NodesFault, FaultKind> {
  const act = (work: FaultKind['act']): FaultKind => ({ act: work, msMin: 0, msMax: 0 })
  const hold = (forMs: number, signal: AbortSignal) =>
    sleep(forMs, undefined, { signal }).catch(() => {})
  /** Half of the time the one that matters most. */
  const pickNode = async (): Promise<Farglass | undefined> => {
    const [first, ...others] = cluster.nodes
    const any = first === undefined ? undefined : random.pick([first, ...others])
    return random.next() < 0.5 ? ((await cluster.carrierOf(run)) ?? any) : any
  }
  return {
    'a viewer is cut': act(async () => {
      const [first, ...others] = viewers
      if (first !== undefined) random.pick([first, ...others]).drop()
    }),
    'Redis is killed with -9': act(async (forMs, signal) => {
      await cluster.redis.crash(runKey(run), forMs, signal)
    }),
    'a node is killed with -9': act(async (forMs, signal) => {
      const node = await pickNode()
      await node?.kill('SIGKILL')
      await hold(forMs, signal)
      await node?.restart()
    }),
    'a node is paused past its lease': act(async (forMs, signal) => {
      const node = await pickNode()
      if (node === undefined) return
      process.kill(node.pid, 'SIGSTOP')
      await hold(limits.nodeLeaseMs + limits.nodeDoubtMs + 2_000 + forMs, signal)
      process.kill(node.pid, 'SIGCONT')
    }),
  }
}

async function verdictOn(
  { cluster, truth, viewers, options }: Trial,
  run: string,
  plan: readonly PlannedFault[],
): Promise<string[]> {
  const api = createHttpApi({ baseUrl: cluster.url })
  const { state, outcome, lost, duplicated } = await api.get(run)
  const isRight = state === 'ended' && outcome === 'succeeded' && lost === 0 && duplicated === 0
  const wrong = `the run is ${state}, ${outcome}, with ${lost} lost and ${duplicated} duplicated`
  const more = Object.fromEntries(
    cluster.nodes.map((node, index) => [`node-${index}-stderr.txt`, node.stderr()]),
  )
  const { seed } = options
  const faults = await faultsOfRun({ api, run, truth, viewers, seed, plan, more })
  return isRight ? faults : [wrong, ...faults]
}
