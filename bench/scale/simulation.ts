/**
 * The check of the paper: every batch of every run of a part of the fleet, through queues of nodes and
 * shards, over a minute in which all kinds of things happen. A server takes what comes in order.
 */
import { type SeededRandom, seededRandom } from '../../test/support/seeded-random.ts'
import { Ages } from './ages.ts'
import type { Coefficients } from './coefficients.ts'
import { EventQueue } from './event-queue.ts'
import type { Load } from './plan.ts'

export interface Scenario {
  readonly load: Load
  readonly nodes: number
  readonly shards: number
  readonly known: Coefficients
  readonly seed: number
  /** Runs that one node takes over at a time. */
  readonly takeOversAtOnce: number
  /** Lines of history that each late joiner reads, and which share of the viewers joins. */
  readonly joiners: { readonly share: number; readonly lines: number }
}

/** What happens when, in ms of the simulated time. */
export const times = {
  steady: [4_000, 10_000],
  /** Three times as many lines. */
  burst: [10_000, 13_000],
  join: 18_000,
  death: 24_000,
  end: 50_000,
} as const

export const burstFactor = 3

export interface SimulatedFacts {
  readonly cycleMs: number
  readonly nodeUse: number
  readonly shardUse: number
  readonly ageP50Ms: number
  readonly ageP99Ms: number
  readonly burstWorstMs: number
  readonly burstSettledMs: number
  readonly joinedP50Ms: number
  readonly joinedP99Ms: number
  readonly joinWorstMs: number
  /** From the death until the last run of the dead node is carried by another one. */
  readonly takenOverMs: number
  readonly deathWorstMs: number
  /** From the death until the ages of lines are what they were before. */
  readonly deathSettledMs: number
  readonly batches: number
}

/** The same scenario gives the same facts. */
export function simulate(scenario: Scenario): SimulatedFacts {
  return new Simulation(scenario).run()
}

const kinds = { gather: 0, sent: 1, stored: 2, read: 3, shown: 4, reconnect: 5, taken: 6, joins: 7 }
const kindCount = 8
const windowMs = 250
/** As the product cuts batches, and reads for those who catch up. */
const batchLines = 640
const readLines = 5_000
/** Viewers of a dead node come back within so long. */
const comeBackMs = 2_000

class Simulation {
  readonly #of: Scenario
  readonly #random: SeededRandom
  readonly #queue = new EventQueue()
  readonly #ages = new Ages(windowMs)
  #now = 0
  #stored = 0
  /** Of each server: until when it has work, and how much it did while all was steady. */
  readonly #nodes: Servers
  readonly #shards: Servers
  readonly #ssh: Servers
  readonly #runs: RunState[] = []
  readonly #readers: ReaderState[] = []
  #dead = -1
  #orphans: number[] = []
  #takenOverMs = 0
  readonly #joining: { left: number; readonly node: number; readonly sinceMs: number }[] = []
  readonly #joined: number[] = []

  constructor(scenario: Scenario) {
    this.#of = scenario
    this.#random = seededRandom(scenario.seed)
    this.#nodes = new Servers(scenario.nodes)
    this.#shards = new Servers(scenario.shards)
    this.#ssh = new Servers(scenario.nodes)
    for (let run = 0; run < scenario.load.runs; run += 1) this.#addRun(run)
  }

  run(): SimulatedFacts {
    for (const run of this.#runs.keys()) this.#at(this.#random.next() * 100, 'gather', run)
    const joiners = Math.round(this.#of.load.viewers * this.#of.joiners.share)
    for (let at = 0; at < joiners; at += 1) {
      const sinceMs = times.join + this.#random.next() * 1_000
      this.#joining.push({ left: this.#of.joiners.lines, node: this.#anyNode(), sinceMs })
      this.#at(sinceMs, 'joins', at)
    }
    while (this.#queue.size > 0 && this.#queue.nextMs < times.end) {
      this.#now = this.#queue.nextMs
      if (this.#dead < 0 && this.#now >= times.death) this.#die()
      const event = this.#queue.pop()
      this.#take(event % kindCount, Math.floor(event / kindCount))
    }
    return this.#facts()
  }

  #facts(): SimulatedFacts {
    const [from, to] = times.steady
    const ages = this.#ages
    const ageP99Ms = ages.percentile(0.99, from, to)
    // What chance alone does not reach.
    const bound = ageP99Ms * 1.5
    const joined = this.#joined.toSorted((a, b) => a - b)
    return {
      cycleMs: (this.#runs.length * (to - from)) / this.#stored,
      nodeUse: this.#nodes.steadyUs / 1_000 / (to - from) / this.#of.nodes,
      shardUse: this.#shards.steadyUs / 1_000 / (to - from) / this.#of.shards,
      ageP50Ms: ages.percentile(0.5, from, to),
      ageP99Ms,
      burstWorstMs: ages.worst(0.99, times.burst[0], times.join),
      burstSettledMs: ages.settledAfterMs(0.99, bound, [times.burst[1], times.join]),
      joinedP50Ms: joined[Math.floor(joined.length / 2)] ?? 0,
      joinedP99Ms: joined[Math.floor(joined.length * 0.99)] ?? 0,
      joinWorstMs: ages.worst(0.99, times.join, times.death),
      takenOverMs: this.#takenOverMs,
      deathWorstMs: ages.worst(0.99, times.death, times.end),
      deathSettledMs: ages.settledAfterMs(0.99, bound, [times.death, times.end]),
      batches: this.#stored,
    }
  }

  #take(kind: number, id: number): void {
    if (kind === kinds.gather) this.#gather(id)
    else if (kind === kinds.sent) this.#send(id)
    else if (kind === kinds.stored) this.#store(id)
    else if (kind === kinds.read) this.#show(id)
    else if (kind === kinds.shown) this.#shown(id)
    else if (kind === kinds.reconnect) this.#reconnect(id)
    else if (kind === kinds.taken) this.#takenOver(id)
    else this.#join(id)
  }

  /** Runs differ in how much they print and in how many watch them, as they do. */
  #addRun(run: number): void {
    const { load, nodes, shards } = this.#of
    const share = this.#exponential()
    const rate = (load.linesPerSecond / load.runs / 1_000) * share
    const owner = this.#anyNode()
    const shard = this.#random.between(0, shards - 1)
    const viewers = Math.round((load.viewers / load.runs) * this.#exponential())
    const perNode = new Map<number, number>()
    for (let viewer = 0; viewer < viewers; viewer += 1) {
      const node = load.balance === 'any' ? this.#anyNode() : (run * 7 + 3) % nodes
      perNode.set(node, (perNode.get(node) ?? 0) + 1)
    }
    const readers = [...perNode].map(([node, count]) => {
      this.#readers.push({ run, node, viewers: count, isBusy: false, pending: none, shown: none })
      return this.#readers.length - 1
    })
    this.#runs.push({ rate, owner, shard, readers, takenToMs: 0, flying: none })
  }

  /** The writer of a run makes a batch of what has come since the last one. */
  #gather(id: number): void {
    const run = this.#runs[id]
    if (run === undefined || run.owner === this.#dead) return
    const [from, now] = [run.takenToMs, this.#now]
    const exact = run.rate * (lineTime(now) - lineTime(from))
    if (exact < 1) return this.#at(now + Math.max(0.1, (1 - exact) / run.rate), 'gather', id)
    const lines = Math.min(batchLines, Math.floor(exact))
    run.takenToMs = from + ((now - from) * lines) / exact
    run.flying = { lines, fromMs: from, toMs: run.takenToMs }
    const { batchUs, lineTakenUs, packUs } = this.#of.known
    const us = batchUs + lines * (lineTakenUs + packUs)
    this.#at(this.#nodes.serve(run.owner, now, us), 'sent', id)
  }

  #send(id: number): void {
    const run = this.#runs[id]
    if (run === undefined || run.owner === this.#dead) return
    const { redisBatchUs, redisLineUs, networkMs } = this.#of.known
    const us = redisBatchUs + run.flying.lines * redisLineUs
    this.#at(this.#shards.serve(run.shard, this.#now, us) + networkMs, 'stored', id)
  }

  #store(id: number): void {
    const run = this.#runs[id]
    if (run === undefined) return
    if (isSteady(this.#now)) this.#stored += 1
    for (const reader of run.readers) this.#hear(reader, run.flying)
    this.#gather(id)
  }

  #hear(id: number, batch: Lines): void {
    const reader = this.#readers[id]
    if (reader === undefined) return
    reader.pending = joined(reader.pending, batch)
    if (!reader.isBusy) this.#readOn(id)
  }

  /** One read at a time; what is heard meanwhile is read by the next one. */
  #readOn(id: number): void {
    const reader = this.#readers[id]
    const run = reader && this.#runs[reader.run]
    if (reader === undefined || run === undefined || reader.node === this.#dead) return
    reader.isBusy = reader.pending.lines > 0
    if (!reader.isBusy) return
    const [now, left] = cut(reader.pending, readLines)
    reader.shown = now
    reader.pending = left
    if (reader.node === run.owner) return this.#show(id)
    const { redisReadUs, networkMs } = this.#of.known
    this.#at(this.#shards.serve(run.shard, this.#now, redisReadUs) + networkMs, 'read', id)
  }

  #show(id: number): void {
    const reader = this.#readers[id]
    const run = reader && this.#runs[reader.run]
    if (reader === undefined || run === undefined || reader.node === this.#dead) return
    const { eventUs, lineShownUs, readUs, readLineUs } = this.#of.known
    const own = reader.node === run.owner ? 0 : readUs + reader.shown.lines * readLineUs
    const us = own + reader.viewers * (eventUs + reader.shown.lines * lineShownUs)
    this.#at(this.#nodes.serve(reader.node, this.#now, us), 'shown', id)
  }

  #shown(id: number): void {
    const reader = this.#readers[id]
    if (reader === undefined || reader.node === this.#dead) return
    const { lines, fromMs, toMs } = reader.shown
    for (const part of [1 / 6, 1 / 2, 5 / 6]) {
      const writtenMs = fromMs + (toMs - fromMs) * part
      this.#ages.add(this.#now, this.#now - writtenMs, (lines * reader.viewers) / 3)
    }
    reader.shown = none
    this.#readOn(id)
  }

  /** Node 0: what it had under way is lost, and is read again from the hosts by who takes its runs over. */
  #die(): void {
    this.#dead = 0
    for (const [id, run] of this.#runs.entries()) {
      if (run.owner !== this.#dead) continue
      if (run.flying.lines > 0) run.takenToMs = Math.min(run.takenToMs, run.flying.fromMs)
      this.#orphans.push(id)
    }
    for (const [id, reader] of this.#readers.entries())
      if (reader.node === this.#dead)
        this.#at(times.death + this.#random.next() * comeBackMs, 'reconnect', id)
    const begin = times.death + this.#of.known.takeOverMs
    for (let node = 1; node < this.#of.nodes; node += 1)
      for (let lane = 0; lane < this.#of.takeOversAtOnce; lane += 1) this.#takeNext(node, begin)
  }

  #takeNext(node: number, atMs: number): void {
    const id = this.#orphans.pop()
    const run = id === undefined ? undefined : this.#runs[id]
    if (id === undefined || run === undefined) return
    run.nextOwner = node
    const { redisBatchUs, batchUs, connectMs } = this.#of.known
    const acquired = this.#shards.serve(run.shard, atMs, redisBatchUs)
    const told = this.#nodes.serve(node, acquired, 2 * batchUs)
    this.#at(this.#ssh.serve(node, told, connectMs * 1_000), 'taken', id)
  }

  #takenOver(id: number): void {
    const run = this.#runs[id]
    if (run?.nextOwner === undefined) return
    run.owner = run.nextOwner
    run.flying = none
    this.#takenOverMs = this.#now - times.death
    this.#takeNext(run.owner, this.#now)
    this.#gather(id)
  }

  #reconnect(id: number): void {
    const reader = this.#readers[id]
    if (reader === undefined) return
    reader.node = this.#anyNode()
    reader.pending = joined(reader.shown, reader.pending)
    reader.shown = none
    this.#readOn(id)
  }

  /** Part after part, between what the others do. */
  #join(id: number): void {
    const joiner = this.#joining[id]
    if (joiner === undefined) return
    if (joiner.left <= 0) return void this.#joined.push(this.#now - joiner.sinceMs)
    const lines = Math.min(readLines, joiner.left)
    joiner.left -= lines
    const us = lines * this.#of.known.historyLineUs
    this.#at(this.#nodes.serve(joiner.node, this.#now, us), 'joins', id)
  }

  #anyNode(): number {
    const { nodes } = this.#of
    return this.#dead < 0 ? this.#random.between(0, nodes - 1) : this.#random.between(1, nodes - 1)
  }

  #exponential(): number {
    return -Math.log(1 - this.#random.next())
  }

  #at(atMs: number, kind: keyof typeof kinds, id: number): void {
    this.#queue.push(atMs, id * kindCount + kinds[kind])
  }
}

interface RunState {
  /** Lines a ms, on average. */
  readonly rate: number
  readonly shard: number
  readonly readers: readonly number[]
  owner: number
  nextOwner?: number
  /** Lines that were written before are in batches. */
  takenToMs: number
  flying: Lines
}

interface ReaderState {
  readonly run: number
  readonly viewers: number
  node: number
  isBusy: boolean
  pending: Lines
  shown: Lines
}

/** Lines, and from when to when they were written. */
interface Lines {
  readonly lines: number
  readonly fromMs: number
  readonly toMs: number
}

const none: Lines = { lines: 0, fromMs: 0, toMs: 0 }

function joined(a: Lines, b: Lines): Lines {
  if (a.lines === 0) return b
  return { lines: a.lines + b.lines, fromMs: a.fromMs, toMs: Math.max(a.toMs, b.toMs) }
}

function cut(all: Lines, most: number): [Lines, Lines] {
  if (all.lines <= most) return [all, none]
  const atMs = all.fromMs + ((all.toMs - all.fromMs) * most) / all.lines
  return [
    { lines: most, fromMs: all.fromMs, toMs: atMs },
    { lines: all.lines - most, fromMs: atMs, toMs: all.toMs },
  ]
}

/** Time as lines have it: it goes faster during the burst. */
function lineTime(atMs: number): number {
  const [from, to] = times.burst
  const within = Math.min(Math.max(atMs, from), to) - from
  return atMs + within * (burstFactor - 1)
}

function isSteady(atMs: number): boolean {
  return atMs >= times.steady[0] && atMs < times.steady[1]
}

class Servers {
  steadyUs = 0
  readonly #freeAtMs: Float64Array

  constructor(count: number) {
    this.#freeAtMs = new Float64Array(count)
  }

  /** When it has done that, after all that came before. */
  serve(at: number, nowMs: number, us: number): number {
    const startMs = Math.max(nowMs, this.#freeAtMs[at] ?? 0)
    const endMs = startMs + us / 1_000
    this.#freeAtMs[at] = endMs
    if (isSteady(startMs)) this.steadyUs += us
    return endMs
  }
}
