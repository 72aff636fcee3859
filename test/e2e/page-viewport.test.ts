/** The view over a run of ten million lines: both ends, every way to get there, and nothing that moves under the reader. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireLine } from '../../src/shared/protocol/events.ts'
import { openBrowserPage } from '../support/browser-page.ts'
import { type Chromium, startChromium } from '../support/chromium.ts'
import { fakeRun, fakeTask } from '../support/fake-data.ts'
import { type FakeServer, startFakeServer } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

const id = `r${'long'.padEnd(25, '0')}`
const path = `/runs/${id}`
const lines = 10_000_000

let chromium: Chromium

beforeAll(async () => {
  chromium = await startChromium()
})

afterAll(() => chromium?.[Symbol.asyncDispose]())

async function startLongRun(count: number = lines): Promise<FakeServer> {
  const fake = await startFakeServer()
  fake.lineOf = numbered
  fake.runs.set(id, longRun(count))
  return fake
}

const longRun = (count: number) =>
  fakeRun(id, { next: count, lines: count, tasks: [fakeTask('web-01')], gaps: 0 })

const numbered = (pos: number): WireLine => ({
  pos,
  task: 0,
  channel: 'out',
  time: new Date(1_790_000_000_000 + pos).toISOString(),
  text: `line ${pos}`,
})

/** Line and pixel at the upper edge of the view, as they are drawn. */
function topOf(page: Page): Promise<{ readonly pos: number; readonly off: number }> {
  return page.evaluate(() => {
    const edge = document.querySelector('.log-scroller')?.getBoundingClientRect().top ?? 0
    for (const row of document.querySelectorAll<HTMLElement>('.log-layer .row')) {
      const { top, bottom } = row.getBoundingClientRect()
      if (bottom > edge + 0.5)
        return { pos: Number(row.dataset['pos']), off: Math.round(edge - top) }
    }
    return { pos: -1, off: -1 }
  })
}

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

const shows = (page: Page, pos: number) =>
  page.locator(`[data-pos="${pos}"]`, { hasText: `line ${pos}` }).waitFor()

test('both ends of ten million lines are reached by key, the wheel is exact to the row there, and the scrollbar goes anywhere', async () => {
  await using fake = await startLongRun()
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, lines - 1)
  await page.keyboard.press('Home')
  await shows(page, 0)
  expect(await topOf(page)).toEqual({ pos: 0, off: 0 })
  await wheel(page, 30, 300)
  await until('the wheel has moved 450 rows', async () => (await topOf(page)).pos === 450)
  expect(await topOf(page)).toEqual({ pos: 450, off: 0 })
  await wheel(page, 30, -300)
  await until('and back', async () => (await topOf(page)).pos === 0)

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
  await using fake = await startLongRun(30_000)
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  await wheel(page, 3, -300)
  const before = await topOf(page)
  fake.send(id, batch(30_000, 1_204, numbered(30_000).time))
  await page.getByText('1,204 new lines').waitFor()
  expect(await topOf(page)).toEqual(before)
  await page.getByRole('button', { name: 'Continue from here' }).click()
  await shows(page, 30_000)
  expect(await topOf(page)).toEqual({ pos: 30_000, off: 0 })
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await shows(page, 31_203)
})

test('a page that cannot be had is placeholder rows, and comes by itself once it can', async () => {
  await using fake = await startLongRun()
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, lines - 1)
  fake.refusesLines = true
  await page.keyboard.press('Home')
  await page.locator('.row.placeholder').first().waitFor()
  fake.refusesLines = false
  await shows(page, 0)
  expect(await page.locator('.row.placeholder').count()).toBe(0)
})

test('a reset takes back what was from its line on, and nothing of it stays in sight', async () => {
  await using fake = await startLongRun(30_000)
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  fake.lineOf = (pos) => (pos < 29_000 ? numbered(pos) : { ...numbered(pos), text: `anew ${pos}` })
  fake.runs.set(id, longRun(29_010))
  fake.send(id, { kind: 'reset', epoch: 2, from: 29_000, epochs: [] })
  fake.send(id, {
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
  expect(await page.locator('.log-layer').textContent()).not.toContain('line 29000')
})

test('how many lines were removed is said over the log, which begins with the first one that is kept, also when more go', async () => {
  await using fake = await startLongRun(30_000)
  fake.runs.set(id, { ...longRun(30_000), first: 1_204 })
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  const told = (count: string) => page.getByText(`The first ${count} lines were removed`)
  await told('1,204').waitFor()
  await page.keyboard.press('Home')
  await shows(page, 1_204)
  expect(await topOf(page)).toEqual({ pos: 1_204, off: 0 })
  await until('the stream is open', () => fake.openStreams === 1)
  const run = { ...longRun(30_000), first: 5_000 }
  fake.runs.set(id, run)
  fake.send(id, { kind: 'run', run })
  await told('5,000').waitFor()
  await shows(page, 5_000)
  await page.keyboard.press('Home')
  expect(await topOf(page)).toEqual({ pos: 5_000, off: 0 })
  expect(await page.locator('.row.placeholder').count()).toBe(0)
})

const batch = (pos: number, count: number, time: string) =>
  ({
    kind: 'lines',
    pos,
    next: pos + count,
    groups: [
      {
        task: 0,
        channel: 'out',
        time,
        lines: Array.from({ length: count }, (_, at) => `line ${pos + at}`),
      },
    ],
  }) as const

test('a tab that lags behind what is written goes on at the end, and reads what it skipped where somebody looks', async () => {
  await using fake = await startLongRun(30_000)
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  fake.send(id, batch(30_000, 10, new Date().toISOString()))
  await shows(page, 30_009)
  fake.runs.set(id, longRun(90_000))
  // Written ten seconds ago: a million more of them wait in the stream.
  fake.send(id, batch(30_010, 10, new Date(Date.now() - 10_000).toISOString()))
  await shows(page, 89_999)
  expect(fake.askedStreams.filter((runs) => runs === `${id}:90000`)).toHaveLength(1)
  await page.goto(`${fake.url}${path}#L60000`)
  await shows(page, 60_000)
  await page.getByText('0 lost · 0 duplicated').waitFor()
})

test('who selects text in a live log stops following, and keeps the text', async () => {
  await using fake = await startLongRun(30_000)
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  await page.locator('[data-pos="29990"] .row-text').dblclick({ position: { x: 10, y: 8 } })
  await page.getByRole('button', { name: 'Follow', pressed: false }).waitFor()
  fake.send(id, batch(30_000, 500, new Date().toISOString()))
  await page.getByText('500 new lines').waitFor()
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Control+c')
  await page.getByText('1 line copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('line')
})

test('text is selected by mouse over rows that come and go, and copied as it was written', async () => {
  await using fake = await startLongRun()
  fake.lineOf = (pos) => ({
    ...numbered(pos),
    text: `line ${pos} \u001b[32mgreen\u001b[0m a\u202eb`,
  })
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}${path}#L5000`)
  const { page } = tab
  await shows(page, 5_000)
  const from = await page.locator('[data-pos="5000"] .row-text').boundingBox()
  if (from === null) throw new Error('The row has no box.')
  // Cells are 7.5 px wide: before "5000".
  await page.mouse.move(from.x + 5 * 7.5 + 1, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 })
  for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 300)
  await until('the wheel has moved', async () => (await topOf(page)).pos > 5_200)
  await page.locator('[data-pos="5290"]').waitFor()
  const to = await page.locator('[data-pos="5290"] .row-text').boundingBox()
  if (to === null) throw new Error('The row has no box.')
  await page.mouse.move(to.x + 9 * 7.5 + 1, to.y + 10, { steps: 2 })
  await page.mouse.up()
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Control+c')
  await page.getByText('291 lines copied').waitFor()
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
  expect(copied).toHaveLength(291)
  expect(copied[0]).toBe('5000 green a\u202eb')
  expect(copied[1]).toBe('line 5001 green a\u202eb')
  expect(copied.at(-1)).toBe('line 5290')
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => CSS.highlights.size)).toBe(0)
  expect(tab.complaints).toEqual([])
})

const odd: readonly string[] = [
  'short',
  'x'.repeat(500),
  `${'word '.repeat(80)}end`,
  `trailing${' '.repeat(300)}`,
  '查询 “耳机” 命中 1,204 条'.repeat(12),
  `tabs\t${'a\tb\t'.repeat(40)}`,
  `\u001b[31m${'red '.repeat(70)}\u001b[0m${'-'.repeat(200)}`,
  `10%\r${'y'.repeat(260)}`,
  `nul \u0000 ${'z'.repeat(400)}`,
  `${'a-b/c'.repeat(90)}`,
  'e\u0301'.repeat(220),
  '😀'.repeat(120),
  'long '.repeat(5_000),
]

test('with wrapped lines every row stands where the one before it ends, whatever it holds', async () => {
  await using fake = await startLongRun(2_000)
  fake.lineOf = (pos) => ({ ...numbered(pos), text: odd[pos % odd.length] ?? '' })
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await page.locator('.row').first().waitFor()
  await page.keyboard.press('w')
  for (const key of ['Home', 'PageDown', 'PageDown', 'PageUp', 'End']) {
    await page.keyboard.press(key)
    await page.evaluate(() => document.fonts.ready)
    await until(
      `after ${key} the log is whole`,
      async () => (await layoutFaults(page)).length === 0,
    )
  }
  // Every height was counted right: the last line stands at the lower edge, to the pixel.
  await until('the log is at its end', () => standsAtEdge(page))
  await page
    .getByRole('button', { name: /^Show all/ })
    .first()
    .click()
  await until('the whole line is drawn', async () => (await layoutFaults(page)).length === 0)
})

test('who asks for less motion has every row where it belongs after wrapping, and before', async () => {
  await using fake = await startLongRun(30_000)
  fake.lineOf = (pos) => ({ ...numbered(pos), text: `line ${pos} ${'word '.repeat(pos % 60)}` })
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await shows(page, 29_999)
  for (const turn of ['wrapped', 'as they were', 'wrapped again']) {
    await page.keyboard.press('w')
    await until(`the rows fill the log, ${turn}`, () => page.evaluate(rowsFillTheLog))
    await shows(page, 29_999)
  }
})

test('the last line stands at the lower edge with many hosts and notes too, wrapped or not, at any width', async () => {
  await using fake = await startFakeServer()
  fake.runs.set(id, fakeRun(id))
  await using tab = await openBrowserPage(chromium.browser, fake.url + path)
  const { page } = tab
  await page.locator('.row.note').first().waitFor()
  for (const width of [1_440, 1_130, 900, 390]) {
    await page.setViewportSize({ width, height: 900 })
    for (let turn = 0; turn < 2; turn++) {
      await page.locator('.log-scroller').press('w')
      await until(`at ${width} px the log is at its end`, () => standsAtEdge(page))
    }
  }
})

function standsAtEdge(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const log = document.querySelector('.log-scroller')
    const last = document.querySelector('.log-layer .row:last-child')
    if (log === null || last === null || last.classList.contains('placeholder')) return false
    const edge = log.getBoundingClientRect().top + log.clientHeight
    return Math.abs(edge - 6 - last.getBoundingClientRect().bottom) < 1
  })
}

/** Rows whose height is no whole number of lines, and a view that is not filled. */
function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const log = document.querySelector('.log-scroller')
    const rows = [...document.querySelectorAll<HTMLElement>('.log-layer .row')]
    const frame = log?.getBoundingClientRect()
    const first = rows[0]?.getBoundingClientRect()
    const last = rows.at(-1)?.getBoundingClientRect()
    if (log === null || frame === undefined || first === undefined || last === undefined)
      return ['no rows']
    for (const row of rows) {
      const { height } = row.getBoundingClientRect()
      if (
        Math.abs(height / 20 - Math.round(height / 20)) > 0.01 &&
        !row.classList.contains('note')
      ) {
        faults.push(`row ${row.dataset['pos']} is ${height} px high`)
      }
    }
    if (rows.some((row) => row.classList.contains('placeholder'))) faults.push('placeholders')
    if (first.top > frame.top + 0.5) faults.push('nothing at the upper edge')
    if (last.bottom < frame.top + log.clientHeight - 7) faults.push('nothing at the lower edge')
    return faults
  })
}

test('on a dense screen, whose elements may be half as high, the last line is reached', async () => {
  await using dense = await startChromium(['--force-device-scale-factor=2'])
  await using fake = await startLongRun()
  await using tab = await openBrowserPage(dense.browser, fake.url + path)
  const { page } = tab
  await shows(page, lines - 1)
  await page.keyboard.press('Home')
  await shows(page, 0)
  await page.locator('.log-scroller').evaluate((log) => {
    log.scrollTop = log.scrollHeight
  })
  await shows(page, lines - 1)
})

test('lines are selected by key and click, copied as they were written, and linked as a range', async () => {
  await using fake = await startLongRun()
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}${path}#L4000-L4002`)
  const { page } = tab
  await shows(page, 4_000)
  await expect.poll(() => page.locator('.row.selected').count()).toBe(3)
  await page.locator('[data-pos="4005"]').click()
  await page.locator('[data-pos="4008"]').click({ modifiers: ['Shift'] })
  await expect.poll(() => page.locator('.row.selected').count()).toBe(4)
  await page.locator('.log-scroller').press('Shift+ArrowDown')
  await expect.poll(() => page.locator('.row.selected').count()).toBe(5)
  await page.keyboard.press('y')
  await until('the address names the range', () => page.url().endsWith('#L4005-L4009'))
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy these lines' }).click()
  await page.getByText('5 lines copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    [4_005, 4_006, 4_007, 4_008, 4_009].map((pos) => `line ${pos}`).join('\n'),
  )
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.row.selected').count()).toBe(0)
})

/** Whether rows follow each other from the upper edge of the log to the lower one. */
function rowsFillTheLog(): boolean {
  const log = document.querySelector('.log-scroller')?.getBoundingClientRect()
  const rows = [...document.querySelectorAll<HTMLElement>('.row[data-pos]')]
    .map((row) => row.getBoundingClientRect())
    .filter(({ height }) => height > 0)
    .toSorted((a, b) => a.top - b.top)
  if (log === undefined) return false
  const inSight = rows.filter(({ bottom, top }) => bottom > log.top && top < log.bottom)
  const [first] = inSight
  const last = inSight.at(-1)
  if (first === undefined || last === undefined) return false
  const isWhole = inSight.every(
    (row, at) => Math.abs(row.top - (inSight[at - 1]?.bottom ?? row.top)) < 1,
  )
  return isWhole && first.top <= log.top + 1 && last.bottom >= log.bottom - 24
}
