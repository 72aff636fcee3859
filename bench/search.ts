/** Claim: ten million lines are searched in seconds, and nobody who watches meanwhile is held up. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { SearchRecord } from '../src/shared/protocol/search.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { makeLongRun } from './support/long-run.ts'
import { type BenchServer, startServer } from './support/server.ts'
import { timedLines } from './support/timed-lines.ts'
import { assertComplete, startViewers } from './support/viewers.ts'

export const search: Claim = { name: 'search', measure }

interface Found {
  readonly firstMs: number
  readonly allMs: number
  readonly count: number
  readonly stopped: boolean
}

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const lines = context.quick ? 500_000 : 10_000_000
  const data = await mkdtemp(join(context.folder, 'data-'))
  context.say(`a run of ${lines.toLocaleString('en')} lines is written`)
  const run = await makeLongRun(data, lines)
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full', data })
  const look = (query: string) => searchRun(server, run, query)
  // Once before, so that all of it is read from memory, as the peers' figures are.
  await look('q=nowhere')
  const table = rowsOf(`search in ${lines.toLocaleString('en')} lines`)
  const figures: Figure[] = []
  for (const { what, query, bar } of searches(lines)) {
    const turns = await repeat(context.repeats, () => look(query))
    const stopped = turns.filter((turn) => turn.stopped).length
    if (stopped > 0) context.say(`${what}: ${stopped} of ${turns.length} ran out of time`)
    const row = table.row(
      what,
      'ms',
      turns.map((turn) => turn.allMs),
    )
    figures.push(bar === undefined ? row : { ...row, target: bar })
  }
  const near = await repeat(context.repeats, () => look(`q=line ${lines - 2_000} &order=backward`))
  const first = table.row(
    'first hit, 2,000 lines away',
    'ms',
    near.map((turn) => turn.firstMs),
  )
  const hopeless = await repeat(context.repeats, () =>
    look(`regex=true&q=${encodeURIComponent('^(\\S+\\s?)+!$')}`),
  )
  const end = table.row(
    'a catastrophic pattern is stopped',
    'ms',
    hopeless.map((turn) => turn.allMs),
  )
  if (!hopeless.every((turn) => turn.stopped))
    throw new Error('The catastrophic pattern was not stopped.')
  const beside = await repeat(context.repeats, () => watchBeside(context, server, look))
  return [
    ...figures,
    { ...first, target: '< 200' },
    { ...end, target: '5,000' },
    table.row(
      'a viewer of 1,000 lines/s beside no search: age p99',
      'ms',
      beside.map((turn) => turn.aloneMs),
    ),
    table.row(
      'the same beside one search after the other',
      'ms',
      beside.map((turn) => turn.besideMs),
    ),
  ]
}

function searches(lines: number): readonly { what: string; query: string; bar?: string }[] {
  return [
    { what: 'text, capitals ignored, one hit', query: `q=line ${lines - 1} `, bar: '< 3,000' },
    {
      what: 'text as written, one hit',
      query: `q=line ${lines - 1} &case=sensitive`,
      bar: '< 3,000',
    },
    { what: 'text in every ninth line', query: 'q=worker-7' },
    { what: 'regular expression', query: `regex=true&q=${encodeURIComponent('job \\d+77 in')}` },
    { what: 'level', query: 'level=warn' },
  ]
}

/** Until the whole run is looked through or the server stops by itself. */
async function searchRun(server: BenchServer, run: string, query: string): Promise<Found> {
  const startedMs = performance.now()
  const response = await fetch(`${server.url}/api/v1/runs/${run}/search?limit=10&${query}`)
  if (!response.ok || response.body === null) throw new Error(`search: ${response.status}`)
  let firstMs = Number.NaN
  // SAFETY: the bench measures its own server; its body is a stream of the web.
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
  for await (const line of createInterface({ input: body })) {
    const record = JSON.parse(line) as SearchRecord
    if (Number.isNaN(firstMs) && record.count > 0) firstMs = performance.now() - startedMs
    if (record.kind === 'span') continue
    const allMs = performance.now() - startedMs
    return { firstMs, allMs, count: record.count, stopped: record.stopped !== null }
  }
  throw new Error('The search ended without its end.')
}

async function watchBeside(
  context: BenchContext,
  server: BenchServer,
  look: (query: string) => Promise<Found>,
): Promise<{ readonly aloneMs: number; readonly besideMs: number }> {
  const aloneMs = await ageP99(context, server)
  let isOver = false
  const searching = (async () => {
    while (!isOver) await look('q=nowhere')
  })()
  const besideMs = await ageP99(context, server)
  isOver = true
  await searching
  return { aloneMs, besideMs }
}

async function ageP99(context: BenchContext, server: BenchServer): Promise<number> {
  const lines = timedLines(context)
  const viewers = startViewers({ server: server.url, request: lines.request, timedEvery: 1 })
  await viewers.open
  await lines.go()
  const report = await viewers.done
  assertComplete(report, lines.count)
  return report.p99Ms
}
