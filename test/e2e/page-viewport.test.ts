/** The view over a run of ten million lines: both ends, every way to get there, and nothing that moves under the reader. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { startChromium } from '../support/chromium.ts'
import {
  batch,
  longRun,
  longRunId,
  longRunPath,
  numbered,
  openLongRun,
  shows,
  startLongRun,
  topOf,
} from '../support/long-run.ts'
import { poll } from '../support/poll.ts'
import { until } from '../support/until.ts'
import { useBrowser } from '../support/use-browser.ts'

const lines = 10_000_000

const chromium = useBrowser()

/** Turns the wheel and waits for what it did. */
async function wheel(page: Page, notches: number, px: number): Promise<void> {
  await page.locator('.log-scroller').hover()
  for (let turn = 0; turn < notches; turn++) {
    const before = await page.evaluate(() => document.querySelector('.log-scroller')?.scrollTop)
    await page.mouse.wheel(0, px)
    await page.waitForFunction(
      (top) => document.querySelector('.log-scroller')?.scrollTop !== top,
      before,
    )
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    )
  }
}

test('both ends of ten million lines are reached by key, the wheel is exact to the row there, and the scrollbar goes anywhere', async () => {
  await using tab = await openLongRun(chromium.browser, lines)
  const { page } = tab
  await shows(page, lines - 1)
  await page.keyboard.press('Home')
  await shows(page, 0)
  await poll(() => topOf(page)).toEqual({ pos: 0, off: 0 })
  await wheel(page, 30, 300)
  await poll(() => topOf(page)).toEqual({ pos: 450, off: 0 })
  await wheel(page, 30, -300)
  await poll(() => topOf(page)).toEqual({ pos: 0, off: 0 })

  await page.keyboard.press('End')
  await shows(page, lines - 1)
  const end = await topOf(page)
  await wheel(page, 30, -300)
  await until('the wheel has moved 450 rows up', async () => {
    const { pos, off } = await topOf(page)
    return pos * 20 + off === end.pos * 20 + end.off - 9_000
  })
  await wheel(page, 30, 300)
  await shows(page, lines - 1)
  await page.getByRole('button', { name: 'Follow', pressed: true }).waitFor()

  // The thumb, to the middle.
  await page.locator('.log-scroller').evaluate((log) => {
    log.scrollTop = log.scrollHeight / 2
  })
  await until('a line near the middle is shown', async () => {
    const { pos } = await topOf(page)
    return Math.abs(pos - lines / 2) < 1_000
  })
  await shows(page, (await topOf(page)).pos + 3)
  expect(await page.locator('.row').count()).toBeLessThan(120)
  expect(tab.complaints).toEqual([])
})

test('what comes while somebody reads does not move a pixel of it; Continue from here goes to the first new line', async () => {
  await using tab = await openLongRun(chromium.browser, 30_000)
  const { fake, page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  await wheel(page, 3, -300)
  const before = await topOf(page)
  fake.send(longRunId, batch(30_000, 1_204, numbered(30_000).time))
  await page.getByText('1,204 new lines').waitFor()
  expect(await topOf(page)).toEqual(before)
  await page.getByRole('button', { name: 'Continue from here' }).click()
  await shows(page, 30_000)
  await poll(() => topOf(page)).toEqual({ pos: 30_000, off: 0 })
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await shows(page, 31_203)
})

test('a page that cannot be had is placeholder rows, and comes by itself once it can', async () => {
  await using tab = await openLongRun(chromium.browser, lines)
  const { fake, page } = tab
  await shows(page, lines - 1)
  fake.refusesLines = true
  await page.keyboard.press('Home')
  await page.locator('.row.placeholder').first().waitFor()
  fake.refusesLines = false
  await shows(page, 0)
  await poll(() => page.locator('.row.placeholder').count()).toBe(0)
})

test('a reset takes back what was from its line on, and nothing of it stays in sight', async () => {
  await using tab = await openLongRun(chromium.browser, 30_000)
  const { fake, page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  fake.lineOf = (pos) => (pos < 29_000 ? numbered(pos) : { ...numbered(pos), text: `anew ${pos}` })
  fake.runs.set(longRunId, longRun(29_010))
  fake.send(longRunId, { kind: 'reset', epoch: 2, from: 29_000, epochs: [] })
  fake.send(longRunId, {
    kind: 'lines',
    pos: 29_000,
    next: 29_010,
    groups: [
      {
        task: 0,
        channel: 'out',
        time: numbered(0).time,
        lines: Array.from({ length: 10 }, (_, at) => `anew ${29_000 + at}`),
      },
    ],
  })
  await page.getByText('anew 29009', { exact: true }).waitFor()
  await shows(page, 28_999)
  await poll(() => page.locator('.log-layer').textContent()).not.toContain('line 29000')
})

test('how many lines were removed is said over the log, which begins with the first one that is kept, also when more go', async () => {
  await using fake = await startLongRun(30_000)
  fake.runs.set(longRunId, { ...longRun(30_000), first: 1_204 })
  await using tab = await openBrowserPage(chromium.browser, fake.url + longRunPath)
  const { page } = tab
  const told = (count: string) => page.getByText(`The first ${count} lines were removed`)
  await told('1,204').waitFor()
  await page.keyboard.press('Home')
  await shows(page, 1_204)
  await poll(() => topOf(page)).toEqual({ pos: 1_204, off: 0 })
  await until('the stream is open', () => fake.openStreams === 1)
  const run = { ...longRun(30_000), first: 5_000 }
  fake.runs.set(longRunId, run)
  fake.send(longRunId, { kind: 'run', run })
  await told('5,000').waitFor()
  await shows(page, 5_000)
  await page.keyboard.press('Home')
  await poll(() => topOf(page)).toEqual({ pos: 5_000, off: 0 })
  await poll(() => page.locator('.row.placeholder').count()).toBe(0)
})

test('a tab that lags behind what is written goes on at the end, and reads what it skipped where somebody looks', async () => {
  await using tab = await openLongRun(chromium.browser, 30_000)
  const { fake, page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  fake.send(longRunId, batch(30_000, 10, new Date().toISOString()))
  await shows(page, 30_009)
  fake.runs.set(longRunId, longRun(90_000))
  // Written ten seconds ago: a million more of them wait in the stream.
  fake.send(longRunId, batch(30_010, 10, new Date(Date.now() - 10_000).toISOString()))
  await shows(page, 89_999)
  expect(fake.askedStreams.filter((runs) => runs === `${longRunId}:90000`)).toHaveLength(1)
  await page.goto(`${fake.url}${longRunPath}#L60000`)
  await shows(page, 60_000)
  await page.getByText('0 lost · 0 duplicated').waitFor()
})

test('on a dense screen, whose elements may be half as high, the last line is reached', async () => {
  await using dense = await startChromium(['--force-device-scale-factor=2'])
  await using tab = await openLongRun(dense.browser, lines)
  const { page } = tab
  await shows(page, lines - 1)
  await page.keyboard.press('Home')
  await shows(page, 0)
  await page.locator('.log-scroller').evaluate((log) => {
    log.scrollTop = log.scrollHeight
  })
  await shows(page, lines - 1)
})

test('a line that begins a day stands under its date, and the head of the histogram says of which day the first line in sight is', async () => {
  const [count, first] = [30_000, 29_990]
  const midnight = new Date(2001, 10, 24).getTime()
  const at = (ms: number): string => new Date(midnight + ms).toISOString()
  await using fake = await startLongRun(count)
  // The last lines take some hours, so that midnight is on the axis.
  const [hours, minutes] = [3_600_000, 60_000]
  fake.lineOf = (pos) => {
    const lines = pos - first
    return { ...numbered(pos), time: at(lines < 0 ? lines : lines * 20 * minutes) }
  }
  const [createdAt, endedAt] = [at(-12 * hours), at(12 * hours)]
  const over = { state: 'ended', outcome: 'succeeded', createdAt, endedAt } as const
  fake.runs.set(longRunId, { ...longRun(count), ...over })
  await using tab = await openBrowserPage(chromium.browser, fake.url + longRunPath)
  const { page } = tab
  const days = page.locator('.log-layer .row-day')
  const ofRow = page.locator(`[data-pos="${first}"] .row-day`)
  /** Pixels that the log counts with below its last line: its height is known, also with the date. */
  const below = () =>
    page.locator('.log-scroller').evaluate((log, pos) => {
      const last = log.querySelector(`[data-pos="${pos}"]`)?.getBoundingClientRect().bottom
      return Math.round(log.getBoundingClientRect().top + log.clientHeight - (last ?? Number.NaN))
    }, count - 1)
  for (const key of ['', 'w']) {
    if (key !== '') await page.keyboard.press(key)
    await shows(page, count - 1)
    await poll(() => days.allTextContents()).toEqual(['Sat, Nov 24, 2001'])
    expect(await ofRow.count()).toBe(1)
    await poll(below).toBe(6)
  }
  await page.getByText('Fri, Nov 23, 2001', { exact: true }).waitFor()
  await poll(() => page.locator('.histogram-times').textContent()).toContain('22:00Nov 24')
  // The wheel is exact over the date, too.
  await page.setViewportSize({ width: 1440, height: 420 })
  await poll(async () => (await topOf(page)).pos).toBeGreaterThan(first)
  const before = await topOf(page)
  await wheel(page, 3, -300)
  await poll(async () => {
    const { pos, off } = await topOf(page)
    return before.pos * 20 + before.off + 20 - (pos * 20 + off)
  }).toBe(900)
  expect(tab.complaints).toEqual([])
})
