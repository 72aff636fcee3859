/** Claim: the page shows ten million lines, and 50,000 more a second, like a page of ten. `npm run bench:web` runs it alone. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { createHttpApi } from '../src/client/http-api.ts'
import { startChromium } from '../test/support/chromium.ts'
import { until } from '../test/support/until.ts'
import { openBenchPage } from './support/bench-page.ts'
import {
  type BenchContext,
  type Claim,
  type Figure,
  type Rows,
  repeat,
  rowsOf,
} from './support/claim.ts'
import { makeLongRun } from './support/long-run.ts'
import { jump, watchFrames, wheel } from './support/page-trials.ts'
import { startServer } from './support/server.ts'
import { typedCommand } from './support/typed-process.ts'

export const web: Claim = { name: 'web', measure }

const linesPerSecond = 50_000
/** Before this the page and its code are still getting warm. */
const warmUpMs = 1_000
const slowFrameMs = 25
/** Before the end nobody asks whether it has come: asking all the time took a tenth of all CPU that was measured. */
const endMs = 1_000
const wheelPx = 300
const notches = 100

async function measure(context: BenchContext): Promise<readonly Figure[]> {
  return [...(await measureLong(context)), ...(await measureFollow(context))]
}

async function measureLong(context: BenchContext): Promise<readonly Figure[]> {
  const lines = context.quick ? 500_000 : 10_000_000
  const data = await mkdtemp(join(context.folder, 'data-'))
  context.say(`a run of ${lines.toLocaleString('en')} lines is written`)
  const id = await makeLongRun(data, lines)
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full', data })
  await using chromium = await startChromium()
  await using dense = await startChromium(['--force-device-scale-factor=2'])
  const address = `${server.url}/runs/${id}`
  const turns = await repeat(context.repeats, async () => ({
    ...(await readLong(chromium.browser, address, lines)),
    isDenseReached: await reachesEnd(dense.browser, address, lines),
  }))
  const table = rowsOf(`page on a run of ${lines.toLocaleString('en')} lines`)
  const row = rowMaker(table, turns)
  return [
    row('first lines after navigation', 'ms', { bar: '< 300', of: (turn) => turn.firstMs }),
    row('random jump, p50', 'ms', { bar: '60', of: (turn) => percentile(turn.jumps, 0.5) }),
    row('random jump, p95', 'ms', { bar: '< 100', of: (turn) => percentile(turn.jumps, 0.95) }),
    row('memory after 250 jumps', 'MB', { bar: '<= 30', of: (turn) => turn.heapMb }),
    row('wheel at the first line, not moved', 'px', { bar: '0', of: (turn) => turn.topLostPx }),
    row('wheel at the last line, not moved', 'px', { bar: '0', of: (turn) => turn.endLostPx }),
    row('frames with a missing line', 'frames', { bar: '0', of: (turn) => turn.waiting }),
    row('frame while wheeling, p95', 'ms', {
      bar: '<= 20',
      of: (turn) => percentile(turn.frames, 0.95),
    }),
    row('last line reached at scale 2', 'of 1', {
      bar: '1',
      of: (turn) => (turn.isDenseReached ? 1 : 0),
    }),
  ]
}

/** One reader: opens the run, jumps about, goes to both ends and turns the wheel there. */
async function readLong(browser: Browser, address: string, lines: number) {
  await using opened = await openBenchPage(browser, address)
  const { page } = opened
  const firstMs = await opened.firstLineMs()
  const jumps = await jump(page, 40)
  await jump(page, 250)
  const heapMb = await opened.heapMb()
  await page.keyboard.press('Home')
  await page.locator('[data-pos="0"] .row-text').waitFor()
  const top = await wheel(page, notches, wheelPx)
  await page.keyboard.press('End')
  await page.locator(`[data-pos="${lines - 1}"] .row-text`).waitFor()
  const end = await wheel(page, notches, -wheelPx)
  return {
    firstMs,
    jumps,
    heapMb,
    topLostPx: notches * wheelPx - top.movedPx,
    endLostPx: notches * wheelPx + end.movedPx,
    waiting: top.waiting + end.waiting,
    frames: [...top.frames, ...end.frames],
  }
}

/** Elements may be half as high there before a browser cuts them. */
async function reachesEnd(browser: Browser, address: string, lines: number): Promise<boolean> {
  await using opened = await openBenchPage(browser, `${address}#L0`)
  const { page } = opened
  await page.locator('[data-pos="0"] .row-text').waitFor()
  await page.locator('.log-scroller').evaluate((log) => {
    log.scrollTop = log.scrollHeight
  })
  const last = page.locator(`[data-pos="${lines - 1}"] .row-text`)
  return await last.waitFor({ timeout: 5_000 }).then(
    () => true,
    () => false,
  )
}

async function measureFollow(context: BenchContext): Promise<readonly Figure[]> {
  const seconds = context.quick ? 3 : 10
  const { folder, sshd } = context
  await using server = await startServer({ folder, sshd, sync: 'full' })
  await using chromium = await startChromium()
  const turns = await repeat(context.repeats, () =>
    followOnce({ context, browser: chromium.browser, url: server.url, seconds }),
  )
  const table = rowsOf(`page at ${linesPerSecond.toLocaleString('en')} lines/s for ${seconds} s`)
  const row = rowMaker(table, turns)
  return [
    row('main thread per 1,000 lines', 'ms', { bar: '<= 5', of: (turn) => turn.msPer1k }),
    row('frames a second', 'fps', { bar: '60', of: (turn) => turn.fps }),
    row(`frames over ${slowFrameMs} ms`, '%', { bar: '<= 1', of: (turn) => turn.slowPercent }),
    row('longest frame', 'ms', { bar: '<= 25', of: (turn) => turn.longestMs }),
    row('times it lagged and went to the end', 'times', { bar: '0', of: (turn) => turn.skips }),
  ]
}

interface FollowTurn {
  readonly msPer1k: number
  readonly fps: number
  readonly slowPercent: number
  readonly longestMs: number
  readonly skips: number
}

interface FollowOptions {
  readonly context: BenchContext
  readonly browser: Browser
  readonly url: string
  readonly seconds: number
}

/** A page that is open when the lines begin to come, until it says that the run has ended. */
async function followOnce({ context, browser, url, seconds }: FollowOptions): Promise<FollowTurn> {
  const words = typedCommand('paced-lines.ts', [String(linesPerSecond), String(seconds)])
  const command = `sleep 2; exec ${words.map((word) => `'${word}'`).join(' ')}`
  const api = createHttpApi({ baseUrl: url })
  const source = { kind: 'command', command } as const
  const run = await api.start({ target: context.sshd.alias, source })
  await using opened = await openBenchPage(browser, `${url}/runs/${run.id}`)
  const { page } = opened
  let asked = 0
  page.on('request', (request) => {
    if (request.url().endsWith(`/runs/${run.id}`)) asked += 1
  })
  await page.locator('.row.note').first().waitFor()
  // Lines come now; what was asked before is not about lagging.
  await until('lines come', async () => (await api.get(run.id)).lines > 0, 30_000)
  await page.waitForTimeout(warmUpMs)
  asked = 0
  const before = { lines: (await api.get(run.id)).lines, ms: await opened.mainThreadMs() }
  const watch = watchFrames(page)
  await page.waitForTimeout(seconds * 1_000 - warmUpMs - endMs)
  await until(
    'all lines are written',
    async () => (await api.get(run.id)).state === 'ended',
    120_000,
  )
  const { frames } = await watch.stop()
  const after = { lines: (await api.get(run.id)).lines, ms: await opened.mainThreadMs() }
  const totalMs = frames.reduce((sum, ms) => sum + ms, 0)
  const slow = frames.filter((ms) => ms > slowFrameMs).length
  return {
    msPer1k: ((after.ms - before.ms) * 1_000) / (after.lines - before.lines),
    fps: (frames.length * 1_000) / totalMs,
    slowPercent: (slow * 100) / frames.length,
    longestMs: Math.max(...frames),
    skips: asked,
  }
}

interface Measured<T> {
  /** The bar that the project has set itself. */
  readonly bar: string
  readonly of: (turn: T) => number
}

function rowMaker<T>(table: Rows, turns: readonly T[]) {
  return (what: string, unit: string, { bar, of }: Measured<T>): Figure => ({
    ...table.row(what, unit, turns.map(of)),
    target: bar,
  })
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
