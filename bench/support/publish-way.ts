/** The peer of several nodes: PUBLISH of each line, and a subscriber for each viewer, on the same Redis. */
import type { RedisServer } from '../../test/support/redis-server.ts'
import type { Sshd } from '../../test/support/sshd.ts'
import { redisCpuMs } from './redis-cost.ts'
import type { TimedLines } from './timed-lines.ts'
import { startTyped } from './typed-process.ts'

/** Shorter than any line. */
export const endMark = 'end'

export interface PublishOrder {
  readonly port: number
  readonly channel: string
  /** Arguments of ssh. */
  readonly ssh: readonly string[]
}

export interface SubscribersOrder {
  readonly port: number
  readonly channel: string
  readonly subscribers: number
  readonly timedEvery: number
}

export type SubscribersMessage = { readonly kind: 'open' } | SubscribersReport

export interface SubscribersReport {
  readonly kind: 'done'
  /** Lines that the one with the fewest has got. */
  readonly fewest: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMs: number
}

export interface PublishTurn {
  readonly p50: number
  readonly p99: number
  /** Of who publishes and of all subscribers. */
  readonly cpuMs: number
  readonly redisCpuMs: number
}

export interface PublishPlace {
  readonly redis: RedisServer
  readonly sshd: Sshd
  readonly lines: TimedLines
  readonly viewers: number
}

/** Throws when a subscriber missed a line: it was there from the start. */
export async function publishTurn(place: PublishPlace): Promise<PublishTurn> {
  const { redis, sshd, lines, viewers } = place
  const to = { port: redis.port, channel: 'lines' }
  const messages: SubscribersMessage[] = []
  let markOpen = () => {}
  const opened = new Promise<void>((resolve) => {
    markOpen = resolve
  })
  const timedEvery = Math.ceil(viewers / 10)
  const order: SubscribersOrder = { ...to, subscribers: viewers, timedEvery }
  const listening = startTyped('subscribers.ts', [JSON.stringify(order)], (line) => {
    // SAFETY: bench/processes/subscribers.ts writes nothing else.
    const message = JSON.parse(line) as SubscribersMessage
    messages.push(message)
    if (message.kind === 'open') markOpen()
  })
  await Promise.race([opened, listening])
  const before = await redisCpuMs(redis)
  let publisherMs = 0
  const ssh = ['-F', sshd.sshConfigFile, '-o', 'BatchMode=yes', sshd.alias, lines.command]
  const publish: PublishOrder = { ...to, ssh }
  await startTyped('publish-lines.ts', [JSON.stringify(publish)], (line) => {
    // SAFETY: bench/processes/publish-lines.ts writes one line of this form.
    publisherMs = (JSON.parse(line) as { cpuMs: number }).cpuMs
  })
  await listening
  const report = messages.at(-1)
  if (report?.kind !== 'done') throw new Error('The subscribers ended without a report.')
  if (report.fewest !== lines.count) throw new Error(`A subscriber got ${report.fewest} lines.`)
  return {
    p50: report.p50Ms,
    p99: report.p99Ms,
    cpuMs: publisherMs + report.cpuMs,
    redisCpuMs: (await redisCpuMs(redis)) - before,
  }
}
