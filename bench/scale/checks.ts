/** The model against benches that it was not made from: what it says of two and three nodes. */
import type { Report } from '../support/report.ts'
import type { Coefficients } from './coefficients.ts'
import { claims, figuresIn } from './measured.ts'

export interface Check {
  readonly what: string
  /** Cores. */
  readonly model: number
  readonly measured: number
}

const [viewers, linesPerSecond] = [200, 1_000]

/** Nothing where the bench has not run. */
export function checkedAgainst(report: Report, known: Coefficients): readonly Check[] {
  const figure = figuresIn(report)
  const look = (what: string) => figure(claims.spread, what)
  const idleNode = figure(claims.cost, 'nothing goes on: CPU of a node') ?? 0
  const idleRedis = figure(claims.cost, 'nothing goes on: CPU of Redis, 3 nodes') ?? 0
  return [2, 3].flatMap((nodes): Check[] => {
    const perEvent = look(`on ${nodes} nodes: lines in an event`)
    const batches = look(`on ${nodes} nodes: batches stored`)
    const reads = look(`on ${nodes} nodes: reads of them by other nodes`)
    const cpu = look(`on ${nodes} nodes: CPU of the nodes`)
    const redis = look(`on ${nodes} nodes: CPU of Redis`)
    if (perEvent === undefined || batches === undefined || reads === undefined) return []
    if (cpu === undefined || redis === undefined) return []
    const events = linesPerSecond / perEvent
    const stored = batches * known.batchUs + linesPerSecond * known.lineTakenUs
    const read = reads * known.readUs + (nodes - 1) * linesPerSecond * known.readLineUs
    const shown = viewers * (events * known.eventUs + linesPerSecond * known.lineShownUs)
    const told = batches * known.redisBatchUs + reads * known.redisReadUs
    const kept = linesPerSecond * known.redisLineUs
    return [
      {
        what: `${nodes} nodes: CPU of the nodes`,
        model: nodes * idleNode + (stored + read + shown) / 1e6,
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
