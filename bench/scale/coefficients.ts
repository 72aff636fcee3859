/** What the scale model reckons with: each figure from the bench that measured it, or an assumption that says so. */
import type { Report } from '../support/report.ts'

/** CPU in µs, memory in bytes, times in ms, unless the name says otherwise. */
export interface Coefficients {
  /** CPU of a node, ssh included, for each line that it takes from a host. */
  readonly lineTakenUs: number
  /** CPU of a node for each batch that it stores, and for each that it reads of another node. */
  readonly batchUs: number
  readonly readUs: number
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
    const isMeasured = measured !== undefined && Number.isFinite(measured.value)
    const from = isMeasured ? `bench \`${measured.bench}\`` : whyAssumed(spec, report)
    const value = isMeasured ? measured.value : spec.assumed
    return { name: spec.name, unit: spec.unit, meaning: spec.meaning, value, from }
  })
  const valueOf = (name: keyof Coefficients): number =>
    origins.find((origin) => origin.name === name)?.value ?? Number.NaN
  const coefficients: Coefficients = {
    lineTakenUs: valueOf('lineTakenUs'),
    batchUs: valueOf('batchUs'),
    readUs: valueOf('readUs'),
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
  readonly measure?: (look: Look) => Measured | undefined
  readonly bench?: string
  readonly assumed: number
}

interface Measured {
  readonly value: number
  readonly bench: string
}

/** The figure of that name in the first claim that begins so. */
type Look = (claim: string, what: string) => number | undefined

function figuresIn({ figures }: Report): Look {
  return (claim, what) =>
    figures.find((figure) => figure.claim.startsWith(claim) && figure.what === what)?.value
}

function whyAssumed({ bench }: Spec, { figures }: Report): string {
  if (bench === undefined) return 'assumption; no bench measures it'
  const hasRun = figures.some((figure) => figure.bench === bench)
  return hasRun
    ? `assumption: what bench \`${bench}\` has measured is too noisy to tell it`
    : `assumption: bench \`${bench}\` has not run for bench/baseline.json`
}

const cost = 'nodes: what a batch and a line cost'
const spread = 'nodes: 200 viewers'
const blocks = '10,000 lines/s to 100 viewers'

/** What is assumed are figures of a first, noisy run of the same benches, or rounded up from nearby ones. */
const specs: readonly Spec[] = [
  {
    name: 'lineTakenUs',
    unit: 'µs',
    meaning: 'CPU of a node and its ssh for a line that it takes from a host',
    bench: 'nodes',
    measure: one('nodes', cost, 'burst: CPU of the node and its ssh per line'),
    assumed: 3,
  },
  {
    name: 'batchUs',
    unit: 'µs',
    meaning: 'CPU of a node and its ssh for a batch that it stores',
    bench: 'nodes',
    measure: (look) => named('nodes', batchUsOf(look)),
    assumed: 200,
  },
  {
    name: 'readUs',
    unit: 'µs',
    meaning: 'CPU of a node for a batch that it reads of another node',
    bench: 'nodes',
    measure: one('nodes', cost, 'the same: CPU of that node per batch'),
    assumed: 130,
  },
  {
    name: 'eventUs',
    unit: 'µs',
    meaning: 'CPU of a node for an event to a viewer',
    bench: 'nodes',
    measure: (look) => named('nodes', shownOf(look)?.eventUs),
    assumed: 30,
  },
  {
    name: 'lineShownUs',
    unit: 'µs',
    meaning: 'CPU of a node for a line in it',
    bench: 'nodes',
    measure: (look) => named('nodes', shownOf(look)?.lineUs),
    assumed: 0.2,
  },
  {
    name: 'redisBatchUs',
    unit: 'µs',
    meaning: 'CPU of Redis for a batch',
    bench: 'nodes',
    measure: one('nodes', cost, 'the same: CPU of Redis per batch'),
    assumed: 45,
  },
  {
    name: 'redisLineUs',
    unit: 'µs',
    meaning: 'CPU of Redis for each line in it',
    bench: 'redis',
    measure: (look) => named('redis', redisLineUsOf(look)),
    assumed: 0.3,
  },
  {
    name: 'redisReadUs',
    unit: 'µs',
    meaning: 'CPU of Redis for each further node that reads the batch',
    bench: 'nodes',
    measure: (look) =>
      named('nodes', positive(look(cost, 'followed at another node: CPU of Redis more per batch'))),
    assumed: 25,
  },
  {
    name: 'nodeBytes',
    unit: 'bytes',
    meaning: 'memory of an idle node',
    bench: 'memory',
    measure: (look) => named('memory', times(look('memory (RSS)', 'server, idle'), 1e6)),
    assumed: 110e6,
  },
  {
    name: 'hostBytes',
    unit: 'bytes',
    meaning: 'memory of the ssh processes of a host',
    bench: 'follow-many',
    measure: (look) => named('follow-many', hostBytesOf(look)),
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
    measure: one('redis', 'redis (', 'append: memory'),
    assumed: 110,
  },
  {
    name: 'packedShare',
    unit: 'of 1',
    meaning: 'size of lines in the archive',
    bench: 'archive',
    measure: (look) => named('archive', times(look('archive (', 'size of what it was'), 0.01)),
    assumed: 0.31,
  },
  {
    name: 'packUs',
    unit: 'µs',
    meaning: 'CPU of a node to move a line into the archive',
    bench: 'archive',
    measure: one('archive', 'archive (', 'CPU per line packed'),
    assumed: 1,
  },
  {
    name: 'historyLineUs',
    unit: 'µs',
    meaning: 'CPU of a node for a line of history that a late joiner reads',
    bench: 'late-joiner',
    measure: (look) =>
      named('late-joiner', times(look('late joiner on a live', 'all lines shown'), 1e-3)),
    assumed: 0.8,
  },
  {
    name: 'takeOverMs',
    unit: 'ms',
    meaning: 'from the death of a node until another one shows new lines of its run',
    bench: 'take-over',
    measure: (look) =>
      named(
        'take-over',
        times(look('take-over of', 'until the next new line is shown at another node'), 1e3),
      ),
    assumed: 8_000,
  },
  {
    name: 'connectMs',
    unit: 'ms',
    meaning: 'a new ssh connection to a host',
    bench: 'start',
    measure: one('start', 'start', 'ssh HOST true'),
    assumed: 140,
  },
  {
    name: 'networkMs',
    unit: 'ms',
    meaning: 'there and back between two machines of a data centre',
    assumed: 0.5,
  },
]

function one(bench: string, claim: string, what: string) {
  return (look: Look): Measured | undefined => named(bench, look(claim, what))
}

function named(bench: string, value: number | undefined): Measured | undefined {
  return value === undefined ? undefined : { bench, value }
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor
}

/** A difference of two noisy figures may come out as nothing: then it is not known. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined
}

/** Without its lines, which are reckoned on their own. */
function batchUsOf(look: Look): number | undefined {
  const perBatch = look(cost, 'the same: CPU of the node per batch')
  const lines = look(cost, '16 runs of 250 lines/s: lines in a batch')
  const perLine = look(cost, 'burst: CPU of the node and its ssh per line')
  if (perBatch === undefined || lines === undefined || perLine === undefined) return undefined
  return positive(perBatch - lines * perLine)
}

/** A hundred lines in one batch against one. */
function redisLineUsOf(look: Look): number | undefined {
  const single = look('redis (', 'append of one line: CPU of Redis')
  const hundred = look('redis (', 'append of 100 lines: CPU of Redis')
  if (single === undefined || hundred === undefined) return undefined
  return positive((hundred - single) / 99)
}

function hostBytesOf(look: Look): number | undefined {
  const claim = '1000 followed files on 50 hosts'
  const all = look(claim, 'memory of the server and its ssh')
  const server = look(claim, 'memory of the server (RSS)')
  return all === undefined || server === undefined ? undefined : ((all - server) / 50) * 1e6
}

/**
 * Two loads with events of different size, less what storing took: CPU = viewers × (events × E +
 * lines × L), solved for E and L.
 */
function shownOf(look: Look): { readonly eventUs: number; readonly lineUs: number } | undefined {
  const batchUs = batchUsOf(look)
  const small = loadOf(look, {
    claim: spread,
    cpu: 'on 1 node: CPU of the nodes',
    batches: 'on 1 node: batches stored',
    viewers: 200,
  })
  const large = loadOf(look, {
    claim: cost,
    cpu: `${blocks}: CPU of the node`,
    batches: `${blocks}: batches stored`,
    viewers: 100,
  })
  if (batchUs === undefined || small === undefined || large === undefined) return undefined
  const [a, b] = [small, large].map(({ cores, batches, events, lines, viewers }) => ({
    perViewerUs: Math.max(0, cores * 1e6 - batches * batchUs) / viewers,
    events,
    lines,
  }))
  if (a === undefined || b === undefined) return undefined
  const determinant = a.events * b.lines - b.events * a.lines
  const eventUs = (a.perViewerUs * b.lines - b.perViewerUs * a.lines) / determinant
  const lineUs = (a.events * b.perViewerUs - b.events * a.perViewerUs) / determinant
  // Noise can make one of them vanish: then the figures do not tell them apart.
  return eventUs > 0 && lineUs > 0 ? { eventUs, lineUs } : undefined
}

interface ShownLoad {
  readonly cores: number
  /** A second. */
  readonly batches: number
  readonly events: number
  readonly lines: number
  readonly viewers: number
}

function loadOf(
  look: Look,
  of: {
    readonly claim: string
    readonly cpu: string
    readonly batches: string
    readonly viewers: number
  },
): ShownLoad | undefined {
  const isSpread = of.claim === spread
  const cores = look(of.claim, of.cpu)
  const batches = look(of.claim, of.batches)
  const perEvent = look(
    of.claim,
    isSpread ? 'on 1 node: lines in an event' : 'the same: lines in an event',
  )
  if (cores === undefined || batches === undefined || perEvent === undefined) return undefined
  const lines = isSpread ? 1_000 : 10_000
  return { cores, batches, events: lines / perEvent, lines, viewers: of.viewers }
}
