/** The peer's readers: each a connection of its own that subscribes, without HTTP behind it. Talks JSON lines. */
import { argv } from 'node:process'
import { Redis } from 'ioredis'
import { Histogram } from '../support/histogram.ts'
import { endMark, type SubscribersMessage, type SubscribersOrder } from '../support/publish-way.ts'
import { takeStamps } from '../support/stream-reader.ts'

// SAFETY: the bench is the only caller and writes this argument by JSON.stringify of a SubscribersOrder.
const { port, channel, subscribers, timedEvery } = JSON.parse(argv[2] ?? '{}') as SubscribersOrder
const ages = new Histogram()
const clients = Array.from({ length: subscribers }, () => new Redis(port, '127.0.0.1'))
const counts = clients.map(() => 0)
await Promise.all(clients.map((client) => client.subscribe(channel)))
const before = process.cpuUsage()
const ends = clients.map(listen)
say({ kind: 'open' })
await Promise.all(ends)
const cpu = process.cpuUsage(before)
say({
  kind: 'done',
  fewest: Math.min(...counts),
  p50Ms: ages.percentile(0.5),
  p99Ms: ages.percentile(0.99),
  cpuMs: (cpu.user + cpu.system) / 1_000,
})
for (const client of clients) client.disconnect()

function listen(client: Redis, at: number): Promise<void> {
  return new Promise((resolve) => {
    client.on('messageBuffer', (_: Buffer, message: Buffer) => {
      if (message.length === endMark.length) return resolve()
      counts[at] = (counts[at] ?? 0) + 1
      if (at % timedEvery === 0) takeStamps(message, ages)
    })
  })
}

function say(message: SubscribersMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
