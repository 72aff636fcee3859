/** Stack traces in the log: folded under their message, and never in the way of who looks for a line. */
import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import type { WireLine } from '../../src/shared/protocol/events.ts'
import { openBrowserPage } from '../support/browser-page.ts'
import { fakeRun, fakeTask } from '../support/fake-data.ts'
import { type FakeServer, startFakeServer } from '../support/fake-server.ts'
import { until } from '../support/until.ts'
import { useBrowser } from '../support/use-browser.ts'

const id = `r${'traces'.padEnd(25, '0')}`
const lines = 50_000
/** Of each hundred lines the first is a message, and so many frames follow it. */
const frames = 80

const chromium = useBrowser()

const traced = (pos: number): WireLine => {
  const at = pos % 100
  const plain = at === 0 ? `java.lang.IllegalStateException: pool ${pos}` : `line ${pos}`
  const isFrame = at > 0 && at <= frames
  return {
    pos,
    task: 0,
    channel: 'out',
    time: new Date(1_790_000_000_000 + pos).toISOString(),
    text: isFrame ? `\tat com.acme.db.Pool.step${pos}(Pool.java:${at})` : plain,
  }
}

async function startTraces(): Promise<FakeServer> {
  const fake = await startFakeServer()
  fake.lineOf = traced
  const tasks = [fakeTask('web-01')]
  fake.runs.set(id, fakeRun(id, { next: lines, lines, tasks, gaps: 0 }))
  return fake
}

const row = (page: Page, pos: number) => page.locator(`[data-pos="${pos}"]`)
const chip = (page: Page, pos: number) =>
  row(page, pos).getByRole('button', { name: `${frames} frames` })

/** Where the upper edge of a row stands on the screen. */
async function topOf(page: Page, pos: number): Promise<number> {
  return Math.round((await row(page, pos).boundingBox())?.y ?? Number.NaN)
}

/** The view is at its end, and nothing of the page above it is on its way any more. */
function standsAtEdge(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    await document.fonts.ready
    const log = document.querySelector('.log-scroller')
    const last = document.querySelector('.log-layer .row:last-child')
    if (log === null || last === null) return false
    const edge = log.getBoundingClientRect().top + log.clientHeight
    return Math.abs(edge - 6 - last.getBoundingClientRect().bottom) < 1
  })
}

test('frames are folded; they open by chip, key, link and cursor, and nothing moves above them', async () => {
  await using fake = await startTraces()
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}/runs/${id}`)
  const { page } = tab
  await page.getByRole('button', { name: 'Fold', pressed: true }).waitFor()
  // The end, followed: the last trace is in sight because its frames are not.
  await chip(page, lines - 100).waitFor()
  await row(page, lines - 1).waitFor()
  expect(await row(page, lines - 99).count()).toBe(0)
  await until('the last line is at the lower edge', () => standsAtEdge(page))
  const before = await topOf(page, lines - 100)
  await chip(page, lines - 100).click()
  await row(page, lines - 99).waitFor()
  expect(await topOf(page, lines - 100)).toBe(before)
  expect(await topOf(page, lines - 99)).toBe(before + 20)
  expect(await chip(page, lines - 100).getAttribute('aria-expanded')).toBe('true')
  await page.getByRole('button', { name: 'Follow', pressed: false }).waitFor()
  await chip(page, lines - 100).click()
  await row(page, lines - 99).waitFor({ state: 'detached' })
  expect(await topOf(page, lines - 100)).toBe(before)

  // By key: the cursor steps over what is folded, and into what is open.
  await page.keyboard.press('Home')
  await chip(page, 0).waitFor()
  await row(page, 0).locator('.row-text').click()
  await page.keyboard.press('j')
  await page.locator(`.row.selected[data-pos="${frames + 1}"]`).waitFor()
  await page.keyboard.press('k')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('j')
  await page.locator('.row.selected[data-pos="1"]').waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.locator('.row.selected[data-pos="0"]').waitFor()
  await row(page, 1).waitFor({ state: 'detached' })

  // Copying over a fold copies all of it.
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByRole('button', { name: 'Copy these lines' }).click()
  await page.getByText(`${frames + 2} lines copied`).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied.split('\n')).toEqual(
    Array.from({ length: frames + 2 }, (_, pos) => traced(pos).text),
  )

  // A switch for all of them, which is remembered.
  await page.keyboard.press('z')
  await row(page, 1).waitFor()
  expect(await page.locator('.row-fold').count()).toBe(0)
  await page.reload()
  await page.getByRole('button', { name: 'Fold', pressed: false }).click()
  await chip(page, lines - 100).waitFor()
  expect(tab.complaints).toEqual([])
})

test('a link and the number of a line open the frames that they lead to; the wheel passes folded ones', async () => {
  await using fake = await startTraces()
  const address = `${fake.url}/runs/${id}`
  await using tab = await openBrowserPage(chromium.browser, `${address}#L20008`)
  const { page } = tab
  await page.locator('.row.selected[data-pos="20008"]').waitFor()
  await chip(page, 20_000).waitFor()
  await page.keyboard.press(':')
  await page.getByRole('combobox', { name: 'Jump to a host' }).fill(':30025')
  await page.keyboard.press('Enter')
  await page.locator('.row.selected[data-pos="30025"]').waitFor()
  await page.goto('about:blank')
  await page.goto(address)
  await chip(page, lines - 100).waitFor()
  await page.locator('.log-scroller').press('Home')
  await chip(page, 0).waitFor()
  await page.locator('.log-scroller').hover()
  // A hundred lines take 20 rows.
  for (let turn = 0; turn < 2; turn++) await page.mouse.wheel(0, 200)
  await until('400 px further the next message is at the upper edge', async () => {
    const edge = (await page.locator('.log-scroller').boundingBox())?.y ?? 0
    return (await row(page, 100).count()) > 0 && (await topOf(page, 100)) === Math.round(edge)
  })
})

test('a link into frames shows its line, also when what folds them comes after it', async () => {
  await using fake = await startTraces()
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  const held: Route[] = []
  await page.route(/line-folds.*\.js$/, (route) => void held.push(route))
  await page.goto(`${fake.url}/runs/${id}#L20008`)
  await page.locator('.row.selected[data-pos="20008"]').waitFor()
  await until('what folds is asked for', () => held.length > 0)
  for (const route of held) await route.continue()
  await chip(page, 20_000).waitFor()
  expect(await page.locator('.row.selected[data-pos="20008"]').isVisible()).toBe(true)
  expect(await chip(page, 20_000).getAttribute('aria-expanded')).toBe('true')
})
