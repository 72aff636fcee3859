/** Rows that are as high as they are counted: wrapped or not, at any width, whatever is in them. */
import type { Page } from 'playwright-core'
import { test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { fakeRun } from '../support/fake-data.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { longRunId, longRunPath, numbered, startLongRun } from '../support/long-run.ts'
import { until } from '../support/until.ts'
import { useBrowser } from '../support/use-browser.ts'

const chromium = useBrowser()

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
  'long '.repeat(3_000),
]

test('with wrapped lines every row stands where the one before it ends, whatever it holds', async () => {
  await using fake = await startLongRun(2_000)
  fake.lineOf = (pos) => ({ ...numbered(pos), text: odd[pos % odd.length] ?? '' })
  await using tab = await openBrowserPage(chromium.browser, fake.url + longRunPath)
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
  // Heights of such lines are measured, not counted.
  fake.lineOf = (pos) => ({ ...numbered(pos), text: `行 ${pos} ${'耳机 '.repeat(pos % 60)}` })
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(fake.url + longRunPath)
  const last = page.locator('[data-pos="29999"]')
  await last.waitFor()
  for (const turn of ['wrapped', 'as they were', 'wrapped again']) {
    await page.keyboard.press('w')
    await until(`the rows fill the log, ${turn}`, () => page.evaluate(rowsFillTheLog))
    await until(`the log is at its end, ${turn}`, () => standsAtEdge(page))
  }
})

test('the last line stands at the lower edge with many hosts and notes too, wrapped or not, at any width', async () => {
  await using fake = await startFakeServer()
  fake.runs.set(longRunId, fakeRun(longRunId))
  await using tab = await openBrowserPage(chromium.browser, fake.url + longRunPath)
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
