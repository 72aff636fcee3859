/** What the scale model reckons with: each figure from the bench that measured it, or an assumption that says so. */
import type { Report } from '../support/report.ts'
import {
  claims,
  figuresIn,
  hostBytesOf,
  type Look,
  loads,
  positive,
  readSplit,
  redisLineUsOf,
  shownSplit,
  storedSplit,
  times,
} from './measured.ts'

/** CPU in µs, memory in bytes, times in ms, unless the name says otherwise. */
export interface Coefficients {
  /** CPU of a node, and of its ssh beside it, for each line that it takes from a host. */
  readonly lineTakenUs: number
  readonly sshLineUs: number
  /** CPU of a node for each batch that it stores, and for each that it reads of another node. */
  readonly batchUs: number
  readonly readUs: number
  readonly readLineUs: number
  /** CPU of a node for each event to a viewer, and for each line in it. */
  readonly eventUs: number
  readonly lineShownUs: number
  /** CPU of Redis for each batch, each line in it, and each further node that reads it. */
  readonly redisBatchUs: number
  readonly redisLineUs: number
  readonly redisReadUs: number
  readonly nodeBytes: number
  readonly hostBytes: number
  readonly viewerBytes: number
  /** Memory of Redis for a line of 100 bytes. */
  readonly redisLineBytes: number
  /** Share of their size that lines take in the archive, and CPU to pack one. */
  readonly packedShare: number
  readonly packUs: number
  /** CPU of a node for each line of history that a late joiner reads. */
  readonly historyLineUs: number
  /** From a node's death until others have its runs. */
  readonly takeOverMs: number
  /** Of a new connection to a host, which a core is busy with. */
  readonly connectMs: number
  /** There and back between two processes. */
  readonly networkMs: number
}

/** Where a figure comes from, for the table of docs/operate/scale.md. */
export interface Origin {
  readonly name: keyof Coefficients
  readonly value: number
  readonly unit: string
  readonly meaning: string
  readonly from: string
}

export interface Known {
  readonly coefficients: Coefficients
  readonly origins: readonly Origin[]
}

/** `report` is bench/baseline.json; what it lacks is assumed. */
export function knownFrom(report: Report): Known {
  const look = figuresIn(report)
  const origins = specs.map((spec): Origin => {
    const measured = spec.measure?.(look)
    const isMeasured = measured !== undefined && Number.isFinite(measured)
    const from = isMeasured ? `bench \`${spec.bench}\`` : whyAssumed(spec, report)
    const value = isMeasured ? measured : spec.assumed
    return { name: spec.name, unit: spec.unit, meaning: spec.meaning, value, from }
  })
  const valueOf = (name: keyof Coefficients): number =>
    origins.find((origin) => origin.name === name)?.value ?? Number.NaN
  const coefficients: Coefficients = {
    lineTakenUs: valueOf('lineTakenUs'),
    sshLineUs: valueOf('sshLineUs'),
    batchUs: valueOf('batchUs'),
    readUs: valueOf('readUs'),
    readLineUs: valueOf('readLineUs'),
    eventUs: valueOf('eventUs'),
    lineShownUs: valueOf('lineShownUs'),
    redisBatchUs: valueOf('redisBatchUs'),
    redisLineUs: valueOf('redisLineUs'),
    redisReadUs: valueOf('redisReadUs'),
    nodeBytes: valueOf('nodeBytes'),
    hostBytes: valueOf('hostBytes'),
    viewerBytes: valueOf('viewerBytes'),
    redisLineBytes: valueOf('redisLineBytes'),
    packedShare: valueOf('packedShare'),
    packUs: valueOf('packUs'),
    historyLineUs: valueOf('historyLineUs'),
    takeOverMs: valueOf('takeOverMs'),
    connectMs: valueOf('connectMs'),
    networkMs: valueOf('networkMs'),
  }
  return { coefficients, origins }
}

interface Spec {
  readonly name: keyof Coefficients
  readonly unit: string
  readonly meaning: string
  /** Undefined when the report lacks a figure that it needs; a bench is named in any case. */
  readonly measure?: (look: Look) => number | undefined
  readonly bench?: string
  readonly assumed: number
}

function whyAssumed({ bench }: Spec, { figures }: Report): string {
  if (bench === undefined) return 'assumption; no bench measures it'
  const hasRun = figures.some((figure) => figure.bench === bench)
  return hasRun
    ? `assumption: what bench \`${bench}\` has measured is too noisy to tell it`
    : `assumption: bench \`${bench}\` has not run for bench/baseline.json`
}

/** What is assumed are figures of a first, noisy run of the same benches, or rounded up from nearby ones. */
const specs: readonly Spec[] = [
  {
    name: 'batchUs',
    unit: 'µs',
    meaning: 'CPU of a node for a batch that it stores',
    bench: 'nodes',
    measure: (look) => storedSplit(look)?.fixedUs,
    assumed: 90,
  },
  {
    name: 'lineTakenUs',
    unit: 'µs',
    meaning: 'CPU of a node for each line in it',
    bench: 'nodes',
    measure: (look) => storedSplit(look)?.lineUs,
    assumed: 20,
  },
  {
    name: 'sshLineUs',
    unit: 'µs',
    meaning: 'CPU of its ssh for a line, beside the node',
    bench: 'nodes',
    measure: (look) => look(claims.cost, `${loads.slow}: CPU of its ssh per line`),
    assumed: 20,
  },
  {
    name: 'readUs',
    unit: 'µs',
    meaning: 'CPU of a node for a batch that it reads of another node',
    bench: 'nodes',
    measure: (look) => readSplit(look)?.fixedUs,
    assumed: 90,
  },
  {
    name: 'readLineUs',
    unit: 'µs',
    meaning: 'CPU of a node for each line in that',
    bench: 'nodes',
    measure: (look) => readSplit(look)?.lineUs,
    assumed: 20,
  },
  {
    name: 'eventUs',
    unit: 'µs',
    meaning: 'CPU of a node for an event to a viewer',
    bench: 'nodes',
    measure: (look) => shownSplit(look)?.fixedUs,
    assumed: 30,
  },
  {
    name: 'lineShownUs',
    unit: 'µs',
    meaning: 'CPU of a node for each line in that event',
    bench: 'nodes',
    measure: (look) => shownSplit(look)?.lineUs,
    assumed: 0.2,
  },
  {
    name: 'redisBatchUs',
    unit: 'µs',
    meaning: 'CPU of Redis for a batch',
    bench: 'nodes',
    measure: (look) => look(claims.cost, `${loads.slow}: CPU of Redis per batch`),
    assumed: 45,
  },
  {
    name: 'redisLineUs',
    unit: 'µs',
    meaning: 'CPU of Redis for each line in it',
    bench: 'redis',
    measure: (look) => redisLineUsOf(look),
    assumed: 0.3,
  },
  {
    name: 'redisReadUs',
    unit: 'µs',
    meaning: 'CPU of Redis for each further node that reads the batch',
    bench: 'nodes',
    measure: (look) =>
      positive(look(claims.cost, 'followed at another node: CPU of Redis more per batch')),
    assumed: 25,
  },
  {
    name: 'nodeBytes',
    unit: 'bytes',
    meaning: 'memory of an idle node',
    bench: 'memory',
    measure: (look) => times(look('memory (RSS)', 'server, idle'), 1e6),
    assumed: 110e6,
  },
  {
    name: 'hostBytes',
    unit: 'bytes',
    meaning: 'memory of the ssh processes of a host',
    bench: 'follow-many',
    measure: (look) => hostBytesOf(look),
    assumed: 16e6,
  },
  {
    name: 'viewerBytes',
    unit: 'bytes',
    meaning: 'memory of a node for a viewer, when all of them lag',
    assumed: 256 * 1024,
  },
  {
    name: 'redisLineBytes',
    unit: 'bytes',
    meaning: 'memory of Redis for a line of 100 bytes',
    bench: 'redis',
    measure: (look) => look('redis (', 'append: memory'),
    assumed: 110,
  },
  {
    name: 'packedShare',
    unit: 'of 1',
    meaning: 'size of lines in the archive',
    bench: 'archive',
    measure: (look) => times(look('archive (', 'size of what it was'), 0.01),
    assumed: 0.31,
  },
  {
    name: 'packUs',
    unit: 'µs',
    meaning: 'CPU of a node to move a line into the archive',
    bench: 'archive',
    measure: (look) => look('archive (', 'CPU per line packed'),
    assumed: 1,
  },
  {
    name: 'historyLineUs',
    unit: 'µs',
    meaning: 'CPU of a node for a line of history that a late joiner reads',
    bench: 'late-joiner',
    measure: (look) => times(look('late joiner on a live', 'all lines shown'), 1e-3),
    assumed: 0.8,
  },
  {
    name: 'takeOverMs',
    unit: 'ms',
    meaning: 'from the death of a node until another one shows new lines of its run',
    bench: 'take-over',
    measure: (look) =>
      times(look('take-over of', 'until the next new line is shown at another node'), 1e3),
    assumed: 8_000,
  },
  {
    name: 'connectMs',
    unit: 'ms',
    meaning: 'a new ssh connection to a host',
    bench: 'start',
    measure: (look) => look('start', 'ssh HOST true'),
    assumed: 140,
  },
  {
    name: 'networkMs',
    unit: 'ms',
    meaning: 'there and back between two machines of a data centre',
    assumed: 0.5,
  },
]
