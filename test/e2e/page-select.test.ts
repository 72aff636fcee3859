/** Text and lines that somebody selects: they stay, over rows that come and go, and are copied as they were written. */
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import {
  batch,
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

test('who selects text in a live log stops following, and keeps the text', async () => {
  await using tab = await openLongRun(chromium.browser, 30_000)
  const { fake, page } = tab
  await shows(page, 29_999)
  await until('the stream is open', () => fake.openStreams === 1)
  // Who points knows where they are: the ring of the focus comes with the first key.
  await page.getByRole('textbox', { name: 'Search in this run' }).focus()
  await page.locator('[data-pos="29990"] .row-text').dblclick({ position: { x: 10, y: 8 } })
  const ring = () =>
    page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)
  expect(await ring()).toBe('none')
  await page.getByRole('button', { name: 'Follow', pressed: false }).waitFor()
  fake.send(longRunId, batch(30_000, 500, new Date().toISOString()))
  await page.getByText('500 new lines').waitFor()
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Control+c')
  await page.getByText('1 line copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('line')
  await page.keyboard.press('ArrowUp')
  expect(await ring()).toBe('solid')
})

test('text is selected by mouse over rows that come and go, and copied as it was written', async () => {
  await using fake = await startLongRun(lines)
  fake.lineOf = (pos) => ({
    ...numbered(pos),
    text: `line ${pos} \u001b[32mgreen\u001b[0m a\u202eb`,
  })
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}${longRunPath}#L5000`)
  const { page } = tab
  await shows(page, 5_000)
  const from = await page.locator('[data-pos="5000"] .row-text').boundingBox()
  if (from === null) throw new Error('The row has no box.')
  // Cells are 7.5 px wide: before "5000".
  // What takes the mouse is loaded after the first lines are shown.
  await until('the mouse selects', async () => {
    await page.mouse.up()
    await page.mouse.move(from.x + 5 * 7.5 + 1, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 })
    return page.evaluate(() => CSS.highlights.size > 0)
  })
  const begin = await topOf(page)
  for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 300)
  await until('the wheel has moved 300 rows', async () => {
    const { pos, off } = await topOf(page)
    return (pos - begin.pos) * 20 + off - begin.off === 6_000
  })
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
  await poll(() => page.evaluate(() => CSS.highlights.size)).toBe(0)
  expect(tab.complaints).toEqual([])
})

test('lines are selected by key and click, copied as they were written, and linked as a range', async () => {
  await using fake = await startLongRun(lines)
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}${longRunPath}#L4000-L4002`)
  const { page } = tab
  await shows(page, 4_000)
  await poll(() => page.locator('.row.selected').count()).toBe(3)
  await page.locator('[data-pos="4005"]').click()
  await page.locator('[data-pos="4008"]').click({ modifiers: ['Shift'] })
  await poll(() => page.locator('.row.selected').count()).toBe(4)
  await page.locator('.log-scroller').press('Shift+ArrowDown')
  await poll(() => page.locator('.row.selected').count()).toBe(5)
  await page.keyboard.press('y')
  await until('the address names the range', () => page.url().endsWith('#L4005-L4009'))
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy these lines' }).click()
  await page.getByText('5 lines copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    [4_005, 4_006, 4_007, 4_008, 4_009].map((pos) => `line ${pos}`).join('\n'),
  )
  await page.keyboard.press('Escape')
  await poll(() => page.locator('.row.selected').count()).toBe(0)
})
