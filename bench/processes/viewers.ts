/** A process full of viewers, apart from the bench, so that their cost is not the server's. Talks JSON lines. */
import { Agent, get } from 'node:http'
import { argv } from 'node:process'
import { Histogram } from '../support/histogram.ts'
import { monotonicMs, StreamReader } from '../support/stream-reader.ts'
import type { ViewersMessage, ViewersOrder } from '../support/viewers.ts'

// SAFETY: the bench is the only caller and writes this argument by JSON.stringify of a ViewersOrder.
const order = JSON.parse(argv[2] ?? '{}') as ViewersOrder
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY })
const latency = new Histogram()
const readers = Array.from({ length: order.viewers }, (_, index) => {
  const timed = order.timedEvery > 0 && index % order.timedEvery === 0
  return new StreamReader({ wanted: order.wanted, latency: timed ? latency : null })
})

const startedMs = monotonicMs()
const run = order.run ?? (await startRun())
const path = `/api/v1/runs/${run}/stream?from=0`
let open = 0
await Promise.all(readers.map(view))
report()

/** The run is started here, so that the time until a line is shown holds no start of a process. */
async function startRun(): Promise<string> {
  const response = await fetch(`${order.server}/api/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order.request),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the server answered ${response.status}: ${text}`)
  // SAFETY: the documented answer of this route.
  return (JSON.parse(text) as { id: string }).id
}

function view(reader: StreamReader): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(`${order.server}${path}`, { agent }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`the stream answered ${response.statusCode}`))
        return
      }
      open += 1
      if (open === order.viewers) say({ kind: 'open', run })
      response.on('data', (chunk: Buffer) => {
        reader.take(chunk)
        if (!order.leaveWhenReached || reader.reachedAtMs === null) return
        response.destroy()
        // A destroyed response has been seen to close without a word.
        resolve()
      })
      response.on('close', resolve)
      response.on('error', () => {})
    })
    request.on('error', reject)
  })
}

function report(): void {
  const since = (ms: number | null): number | null => (ms === null ? null : ms - startedMs)
  const cpu = process.cpuUsage()
  say({
    kind: 'done',
    run,
    firstMs: readers.map((reader) => since(reader.firstLinesAtMs)),
    halfMs: readers.map((reader) => since(reader.halfAtMs)),
    reachedMs: readers.map((reader) => since(reader.reachedAtMs)),
    cursors: readers.map((reader) => reader.cursor),
    runLines: readers.map((reader) => reader.runLines),
    holes: readers.reduce((sum, reader) => sum + reader.holes, 0),
    batches: readers.reduce((sum, reader) => sum + reader.batches, 0) / readers.length,
    ended: readers.filter((reader) => reader.ended).length,
    timed: latency.total,
    p50Ms: latency.percentile(0.5),
    p99Ms: latency.percentile(0.99),
    cpuMs: (cpu.user + cpu.system) / 1_000,
  })
}

function say(message: ViewersMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
