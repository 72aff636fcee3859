/** The paper: how many nodes and Redis shards a load takes, and what they then are busy with. */
import { limits } from '../../src/shared/limits.ts'
import type { Coefficients } from './coefficients.ts'

export interface Load {
  readonly hosts: number
  /** Hosts and viewers are spread evenly over them. */
  readonly runs: number
  readonly viewers: number
  readonly linesPerSecond: number
  readonly lineBytes: number
  /** Batches of a run are made this often at the least; a line is shown within about two and a half of them. */
  readonly cycleMs: number
  /** How the balancer sends viewers to nodes: to any, or all of a run to the same one. */
  readonly balance: Balance
  /** What Redis holds of each run, as by `--redis-keep`, and how long the archive keeps the rest. */
  readonly keepBytes: number
  readonly keptDays: number
}

export type Balance = 'any' | 'by run'

/** What one machine has, and how much of it is planned for. */
export interface Machines {
  /** Of a node: one for its event loop, one for ssh and the rest. */
  readonly nodeCpus: number
  readonly nodeBytes: number
  readonly networkBitsPerSecond: number
  readonly redisBytes: number
  /** Of a core, a network or a memory; the rest is for bursts and for the death of another one. */
  readonly use: number
}

export const defaultLoad: Load = {
  hosts: 10_000,
  runs: 10_000,
  viewers: 100_000,
  linesPerSecond: 1_000_000,
  lineBytes: 100,
  cycleMs: 100,
  balance: 'by run',
  keepBytes: limits.hotBytesMin,
  keptDays: 30,
}

export const defaultMachines: Machines = {
  nodeCpus: 2,
  nodeBytes: 16e9,
  networkBitsPerSecond: 10e9,
  redisBytes: 16e9,
  use: 0.7,
}

export interface Plan {
  readonly nodes: number
  readonly shards: number
  /** Which of the needs decides, with all of them in machines, not rounded. */
  readonly nodeNeeds: Readonly<Record<NodeNeed, number>>
  readonly shardNeeds: Readonly<Record<'cpu' | 'memory', number>>
  /** Nodes that read a run besides the one that carries it. */
  readonly furtherNodes: number
  /** How often a run's batches come once all of that is there, and what is busy then. */
  readonly cycleMs: number
  readonly nodeUse: number
  readonly shardUse: number
  readonly bitsPerSecond: Readonly<Record<'hosts' | 'redis' | 'viewers', number>>
  readonly nodeBytes: number
  readonly redisBytes: number
  /** How long lines are there before they go to the archive. */
  readonly hotSeconds: number
  readonly archiveBytesPerSecond: number
  readonly archiveFilesPerSecond: number
  /** Of all that is kept. */
  readonly archiveBytes: number
}

/** `cpu` is that of its event loop, which is one; ssh has the other core. */
export type NodeNeed = 'cpu' | 'ssh' | 'memory' | 'network'

/** Bytes around an event and around a line in it: JSON, positions, chunks of HTTP. An assumption. */
const eventBytes = 150
const lineJsonBytes = 4

/** Nodes decide how many of them read a run, and that decides the nodes: a few rounds settle it. */
export function planFor(load: Load, machines: Machines, known: Coefficients): Plan {
  let nodes = 1
  let needs = nodeNeedsOf({ load, machines, known, nodes })
  for (let round = 0; round < 50; round += 1) {
    const wanted = Math.max(1, Math.ceil(Math.max(...Object.values(needs))))
    if (wanted === nodes) break
    nodes = wanted
    needs = nodeNeedsOf({ load, machines, known, nodes })
  }
  const furtherNodes = furtherNodesOf(load, nodes)
  const work = workOf(load, known, furtherNodes)
  const perSecond = batchesPerSecond(load, load.cycleMs)
  const redisBytes = load.runs * load.keepBytes
  const bytesPerSecond = load.linesPerSecond * load.lineBytes
  const shardNeeds = {
    cpu: (perSecond * work.redisBatchUs + work.redisLinesUs) / 1e6 / machines.use,
    memory: redisBytes / (machines.redisBytes * machines.use),
  }
  const shards = Math.max(1, Math.ceil(Math.max(shardNeeds.cpu, shardNeeds.memory)))
  const archiveBytesPerSecond = bytesPerSecond * known.packedShare
  return {
    nodes,
    shards,
    nodeNeeds: needs,
    shardNeeds,
    furtherNodes,
    ...settled({ load, work, nodes, shards }),
    bitsPerSecond: bitsOf(load, furtherNodes),
    nodeBytes: memoryOf(load, known) / nodes + ownBytes(known),
    redisBytes,
    hotSeconds: redisBytes / (load.linesPerSecond * hotLineBytes(load, known)),
    archiveBytesPerSecond,
    archiveFilesPerSecond: bytesPerSecond / limits.archiveChunkBytes,
    archiveBytes: archiveBytesPerSecond * 86_400 * load.keptDays,
  }
}

/** With viewers sent anywhere, each of a run's viewers may be at another node. */
function furtherNodesOf({ viewers, runs, balance }: Load, nodes: number): number {
  const elsewhere = 1 - 1 / nodes
  if (balance === 'by run') return viewers > 0 ? elsewhere : 0
  return (nodes - 1) * (1 - elsewhere ** (viewers / runs))
}

interface Sizing {
  readonly load: Load
  readonly machines: Machines
  readonly known: Coefficients
  readonly nodes: number
}

function nodeNeedsOf({ load, machines, known, nodes }: Sizing): Record<NodeNeed, number> {
  const furtherNodes = furtherNodesOf(load, nodes)
  const work = workOf(load, known, furtherNodes)
  const cpuUs = batchesPerSecond(load, load.cycleMs) * work.nodeBatchUs + work.nodeLinesUs
  const { hosts, redis, viewers } = bitsOf(load, furtherNodes)
  return {
    cpu: cpuUs / 1e6 / machines.use,
    ssh: (load.linesPerSecond * known.sshLineUs) / 1e6 / machines.use,
    memory: memoryOf(load, known) / (machines.nodeBytes * machines.use - ownBytes(known)),
    // Both directions of a network are there at once: what comes in and what goes out.
    network: Math.max(hosts + redis, viewers) / (machines.networkBitsPerSecond * machines.use),
  }
}

/** CPU for one batch of one run, all nodes and shards together, and for all lines of a second. */
interface Work {
  readonly nodeBatchUs: number
  readonly nodeLinesUs: number
  readonly redisBatchUs: number
  readonly redisLinesUs: number
}

function workOf(load: Load, known: Coefficients, furtherNodes: number): Work {
  const viewersPerRun = load.viewers / load.runs
  const shown = (load.linesPerSecond / load.runs) * load.viewers
  const perLine = known.lineTakenUs + known.packUs + furtherNodes * known.readLineUs
  return {
    nodeBatchUs: known.batchUs + furtherNodes * known.readUs + viewersPerRun * known.eventUs,
    nodeLinesUs: load.linesPerSecond * perLine + shown * known.lineShownUs,
    redisBatchUs: known.redisBatchUs + furtherNodes * known.redisReadUs,
    redisLinesUs: load.linesPerSecond * known.redisLineUs,
  }
}

/** Of all runs; a run with fewer lines than cycles has a batch for each line. */
function batchesPerSecond({ runs, linesPerSecond }: Load, cycleMs: number): number {
  return Math.min(linesPerSecond, (runs * 1_000) / cycleMs)
}

/**
 * A run has one batch under way at a time, and makes the next of what came meanwhile. So batches come
 * as often as the busiest of both lets them, which is then always busy, and hold more lines the busier
 * it is; the rest of its time goes to the lines in them.
 */
function settled(of: {
  readonly load: Load
  readonly work: Work
  readonly nodes: number
  readonly shards: number
}): Pick<Plan, 'cycleMs' | 'nodeUse' | 'shardUse'> {
  const { load, work, nodes, shards } = of
  const node = { batchUs: work.nodeBatchUs, linesUs: work.nodeLinesUs, count: nodes }
  const shard = { batchUs: work.redisBatchUs, linesUs: work.redisLinesUs, count: shards }
  const shortestMs = ({ batchUs, linesUs, count }: typeof node): number =>
    (load.runs * batchUs) / 1_000 / Math.max(count - linesUs / 1e6, Number.EPSILON)
  const gapMs = (load.runs * 1_000) / load.linesPerSecond
  const cycleMs = Math.max(gapMs, shortestMs(node), shortestMs(shard))
  const useOf = ({ batchUs, linesUs, count }: typeof node): number =>
    (batchesPerSecond(load, cycleMs) * batchUs + linesUs) / 1e6 / count
  return { cycleMs, nodeUse: useOf(node), shardUse: useOf(shard) }
}

function memoryOf(load: Load, known: Coefficients): number {
  return load.hosts * known.hostBytes + load.viewers * known.viewerBytes
}

/** Of a node, whatever it carries: its newest lines for viewers, and for a Redis that has lost them. */
function ownBytes(known: Coefficients): number {
  return known.nodeBytes + limits.feedTailsBytesMax + limits.redisKeptBytesMax
}

function hotLineBytes({ lineBytes }: Load, known: Coefficients): number {
  return known.redisLineBytes + Math.max(0, lineBytes - 100)
}

function bitsOf(load: Load, furtherNodes: number): Plan['bitsPerSecond'] {
  const bytes = load.linesPerSecond * load.lineBytes
  const shown = (load.linesPerSecond / load.runs) * load.viewers
  const eventsPerSecond = (batchesPerSecond(load, load.cycleMs) / load.runs) * load.viewers
  return {
    hosts: bytes * 8,
    // In from the node that carries the run, out to those that read it.
    redis: bytes * 8 * (1 + furtherNodes),
    viewers: (shown * (load.lineBytes + lineJsonBytes) + eventsPerSecond * eventBytes) * 8,
  }
}
