/** The model against benches that it was not made from: what it says of two and three nodes. */
import type { Report } from '../support/report.ts'
import type { Coefficients } from './coefficients.ts'

export interface Check {
  readonly what: string
  /** Cores. */
  readonly model: number
  readonly measured: number
}

const claim = 'nodes: 200 viewers'
const costClaim = 'nodes: what a batch and a line cost'
const [viewers, linesPerSecond] = [200, 1_000]

/** Nothing where the bench has not run. */
export function checkedAgainst({ figures }: Report, known: Coefficients): readonly Check[] {
  const look = (what: string, of = claim): number | undefined =>
    figures.find((figure) => figure.claim.startsWith(of) && figure.what === what)?.value
  const idleNode = look('nothing goes on: CPU of a node', costClaim) ?? 0
  const idleRedis = look('nothing goes on: CPU of Redis, 3 nodes', costClaim) ?? 0
  return [2, 3].flatMap((nodes): Check[] => {
    const perEvent = look(`on ${nodes} nodes: lines in an event`)
    const batches = look(`on ${nodes} nodes: batches stored`)
    const reads = look(`on ${nodes} nodes: reads of them by other nodes`)
    const cpu = look(`on ${nodes} nodes: CPU of the nodes`)
    const redis = look(`on ${nodes} nodes: CPU of Redis`)
    if (perEvent === undefined || batches === undefined || reads === undefined) return []
    if (cpu === undefined || redis === undefined) return []
    const events = linesPerSecond / perEvent
    const stored = batches * known.batchUs + reads * known.readUs
    const shown = viewers * (events * known.eventUs + linesPerSecond * known.lineShownUs)
    const told = batches * known.redisBatchUs + reads * known.redisReadUs
    const kept = linesPerSecond * known.redisLineUs
    return [
      {
        what: `${nodes} nodes: CPU of the nodes`,
        model: nodes * idleNode + (stored + shown) / 1e6,
        measured: cpu,
      },
      {
        what: `${nodes} nodes: CPU of Redis`,
        model: idleRedis + (told + kept) / 1e6,
        measured: redis,
      },
    ]
  })
}
