/** What the scale model takes from bench/baseline.json: figures as they are, and what follows from two of them. */
import type { Report } from '../support/report.ts'

/** The figure of that name in the first claim that begins so. */
export type Look = (claim: string, what: string) => number | undefined

export function figuresIn({ figures }: Report): Look {
  return (claim, what) =>
    figures.find((figure) => figure.claim.startsWith(claim) && figure.what === what)?.value
}

/** Beginnings of claims of bench `nodes`. */
export const claims = {
  cost: 'nodes: what a batch and a line cost',
  spread: 'nodes: 200 viewers',
} as const

/** Loads of it that differ in how large batches and events are. */
export const loads = {
  slow: '16 runs of 250 lines/s',
  fast: '16 runs of 1,000 lines/s',
  blocks: '10,000 lines/s to 100 viewers',
} as const

export function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor
}

/** A difference of two noisy figures may come out as nothing: then it is not known. */
export function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined
}

/** CPU of something that holds so many lines. */
interface Sized {
  readonly us: number
  readonly lines: number
}

interface Split {
  readonly fixedUs: number
  readonly lineUs: number
}

/**
 * Two loads of different size: cost = F + lines × L, solved for F and L. Where noise hides the
 * difference a line costs the least that is known, and the rest is fixed.
 */
function split([one, other]: readonly [Sized, Sized], leastLineUs: number): Split {
  const [few, many] = one.lines < other.lines ? [one, other] : [other, one]
  const lineUs = (many.us - few.us) / (many.lines - few.lines)
  const fixedUs = few.us - lineUs * few.lines
  if (lineUs >= leastLineUs && fixedUs > 0) return { fixedUs, lineUs }
  const least = Math.min(leastLineUs, few.us / 2 / few.lines)
  return { fixedUs: few.us - least * few.lines, lineUs: least }
}

/** CPU of a node for a batch that it stores. */
export function storedSplit(look: Look): Split | undefined {
  return perBatchOf(look, 'CPU of the node per batch')
}

/** The same for one that it reads of another node. */
export function readSplit(look: Look): Split | undefined {
  return perBatchOf(look, 'CPU per batch of a node that follows')
}

function perBatchOf(look: Look, what: string): Split | undefined {
  const [few, many] = [sizeOf(look, loads.slow, what), sizeOf(look, loads.fast, what)]
  const least = look(claims.cost, 'burst: CPU of the node and its ssh per line')
  if (few === undefined || many === undefined || least === undefined) return undefined
  return split([few, many], least)
}

function sizeOf(look: Look, load: string, what: string): Sized | undefined {
  const us = look(claims.cost, `${load}: ${what}`)
  const lines = look(claims.cost, `${load}: lines in a batch`)
  return us === undefined || lines === undefined ? undefined : { us, lines }
}

/** A hundred lines in one batch against one. */
export function redisLineUsOf(look: Look): number | undefined {
  const single = look('redis (', 'append of one line: CPU of Redis')
  const hundred = look('redis (', 'append of 100 lines: CPU of Redis')
  if (single === undefined || hundred === undefined) return undefined
  return positive((hundred - single) / 99)
}

export function hostBytesOf(look: Look): number | undefined {
  const claim = '1000 followed files on 50 hosts'
  const all = look(claim, 'memory of the server and its ssh')
  const server = look(claim, 'memory of the server (RSS)')
  return all === undefined || server === undefined ? undefined : ((all - server) / 50) * 1e6
}

/** The same for an event to a viewer: less what taking and storing the lines took. */
export function shownSplit(look: Look): Split | undefined {
  const stored = storedSplit(look)
  const small = loadOf(look, {
    claim: claims.spread,
    cpu: 'on 1 node: CPU of the nodes',
    batches: 'on 1 node: batches stored',
    viewers: 200,
  })
  const large = loadOf(look, {
    claim: claims.cost,
    cpu: `${loads.blocks}: CPU of the node`,
    batches: `${loads.blocks}: batches stored`,
    viewers: 100,
  })
  if (stored === undefined || small === undefined || large === undefined) return undefined
  const perEvent = ({ cores, batches, events, lines, viewers }: ShownLoad): Sized => {
    const us = cores * 1e6 - batches * stored.fixedUs - lines * stored.lineUs
    return { us: us / viewers / events, lines: lines / events }
  }
  const sizes = [perEvent(small), perEvent(large)] as const
  return sizes.every(({ us }) => us > 0) ? split(sizes, leastShownUs) : undefined
}

/** A line of 100 bytes is copied into each socket, at least. */
const leastShownUs = 0.05

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
  const isSpread = of.claim === claims.spread
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
