/** Claim: when a node is killed, another one carries its durable run on within ten seconds, without a line lost. */
import { get } from 'node:http'
import { until } from '../test/support/until.ts'
import { type BenchContext, type Claim, type Figure, repeat, rowsOf } from './support/claim.ts'
import { startNodes } from './support/nodes.ts'
import type { BenchServer } from './support/server.ts'
import { monotonicMs, newestStampMs, StreamReader } from './support/stream-reader.ts'
import { timedLines } from './support/timed-lines.ts'

export const takeOver: Claim = { name: 'take-over', measure }

interface Turn {
  /** From the kill to the first line at another node that was written after it. */
  readonly shownMs: number
  /** From when the last line was written to the end of the stream. */
  readonly lateMs: number
}

/** Long enough that the command still writes when the run is taken over. */
const pace = { linesPerSecond: 200, seconds: 11 }
const runsOfMany = 30

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  const turns = await repeat(context.repeats, () => takeTurn(context))
  const many = await repeat(context.repeats, () => killWithMany(context))
  const table = rowsOf('take-over of a durable run whose node is killed with -9')
  const shown = turns.map(({ shownMs }) => shownMs / 1_000)
  return [
    {
      ...table.row('until the next new line is shown at another node', 's', shown),
      target: '<= 10',
    },
    { ...table.row('the same, longest', 's', [Math.max(...shown)]), target: '<= 10' },
    table.row(
      'from the last line on the host to the end of the stream',
      'ms',
      turns.map(({ lateMs }) => lateMs),
    ),
    table.row(
      `a node with ${runsOfMany} runs: until the last of them is carried by one of two others`,
      's',
      many.map(({ lastMs }) => lastMs / 1_000),
    ),
    table.row(
      'the same: of these runs, carried by the one that took more',
      'runs',
      many.map(({ most }) => most),
    ),
  ]
}

async function takeTurn(context: BenchContext): Promise<Turn> {
  await using place = await startNodes(context, 2)
  const [owner, other] = place.nodes
  if (owner === undefined || other === undefined) throw new Error('There are no two nodes.')
  const lines = timedLines(context, pace)
  const { id } = await owner.start({ ...lines.request, mode: 'durable' })
  const watch = watchRun(other, id)
  await lines.go()
  await watch.seen(() => watch.reader.cursor > pace.linesPerSecond)
  await owner.kill()
  const killedMs = monotonicMs()
  await watch.seen(() => watch.newestMs() > killedMs)
  const shownMs = monotonicMs() - killedMs
  await watch.ended
  const { reader } = watch
  const { lines: stored } = await other.get(id)
  if (reader.holes > 0 || stored !== lines.count || reader.cursor < lines.count)
    throw new Error(
      `Of ${lines.count} lines ${stored} are stored; the viewer saw a hole, or fewer.`,
    )
  return { shownMs, lateMs: monotonicMs() - watch.newestMs() }
}

/** How long it takes until all runs of a dead node have another one, and how they are shared. */
async function killWithMany(
  context: BenchContext,
): Promise<{ readonly lastMs: number; readonly most: number }> {
  await using place = await startNodes(context, 3)
  const [owner, ...others] = place.nodes
  if (owner === undefined) throw new Error('There is no node.')
  const request = {
    target: context.sshd.alias,
    source: { kind: 'command', command: 'echo up; exec sleep 60' },
    mode: 'durable',
  } as const
  for (let at = 0; at < runsOfMany; at += 1) await owner.start(request)
  const running = (node: BenchServer) => node.figure('farglass_tasks', { state: 'running' })
  const isUp = async () => (await running(owner)) === runsOfMany
  await until('all of them run', isUp, 60_000)
  await owner.kill()
  const killedMs = monotonicMs()
  const shares = await until(
    'others carry all of them',
    async () => {
      const all = await Promise.all(others.map(running))
      return all.reduce((sum, share) => sum + share, 0) === runsOfMany ? all : undefined
    },
    60_000,
  )
  const lastMs = monotonicMs() - killedMs
  return { lastMs, most: Math.max(...shares) }
}

interface Watch {
  readonly reader: StreamReader
  /** When the newest line that came was written. */
  newestMs(): number
  /** Resolves once it is so; looked at with each part of the stream. */
  seen(isSo: () => boolean): Promise<void>
  readonly ended: Promise<void>
}

function watchRun({ url }: BenchServer, run: string): Watch {
  const reader = new StreamReader({ wanted: Number.MAX_SAFE_INTEGER, latency: null })
  const waiting = new Set<() => void>()
  let newest = 0
  const ended = new Promise<void>((resolve, reject) => {
    const request = get(`${url}/api/v1/runs/${run}/stream?from=0`, (response) => {
      response.on('data', (chunk: Buffer) => {
        reader.take(chunk)
        newest = Math.max(newest, newestStampMs(chunk))
        for (const look of waiting) look()
      })
      response.on('close', resolve)
    })
    request.on('error', reject)
  })
  const seen = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { reader, newestMs: () => newest, seen, ended }
}
