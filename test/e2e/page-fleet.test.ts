/** Many hosts at once, on the built page against a real server and a real sshd. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowserPage, runOnPage } from '../support/browser-page.ts'
import { type Chromium, startChromium } from '../support/chromium.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { type Sshd, startSshd } from '../support/sshd.ts'

const aliases = Array.from({ length: 16 }, (_, at) => `web-${String(at + 1).padStart(2, '0')}`)
let sshd: Sshd
let server: Farglass
let chromium: Chromium

beforeAll(async () => {
  sshd = await startSshd({ aliases })
  server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  chromium = await startChromium()
})

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
})

/** The machine may be busy. */
const patience = { timeout: 20_000 }

const hostsShown = async (page: Page): Promise<string[]> => {
  const names = await page.locator('.log-layer .row:not(.note) .row-host').allInnerTexts()
  return [...new Set(names)]
}

test('of many hosts those that failed are named once with their reason, found by state, and read alone', async () => {
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  const missing = ['gone-1.invalid', 'gone-2.invalid']
  await runOnPage(page, [...aliases, ...missing].join(','), 'echo here')
  await expect
    .poll(() => page.locator('.run-outcome').textContent(), patience)
    .toBe('16 ok · 2 failed')

  // Each host has one cell, which says its state in words.
  const cells = page.locator('.fleet-cell')
  await expect.poll(() => cells.count(), patience).toBe(18)
  await page.getByRole('button', { name: 'web-07: exit 0' }).waitFor()
  await page.getByRole('button', { name: 'gone-1.invalid: failed' }).waitFor()
  const reasons = page.getByRole('list', { name: 'Why hosts failed' })
  await expect.poll(() => reasons.textContent(), patience).toContain('gone-[1-2].invalid')

  // One cell is one stop for Tab, the arrows walk from it.
  await cells.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect.poll(() => hostsShown(page), patience).toEqual(['web-02'])
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: '2 failed' }).click()
  expect(await cells.count()).toBe(2)
  await page.getByRole('button', { name: 'List' }).click()
  expect(await page.locator('.fleet-list .host-name b').allInnerTexts()).toEqual(missing)
  await page.getByRole('button', { name: '2 failed' }).click()
  // The failed ones stay first.
  expect((await page.locator('.fleet-list .host-name b').allInnerTexts()).slice(0, 3)).toEqual([
    ...missing,
    'web-01',
  ])
  expect(tab.complaints).toEqual([])
})

test('options are chosen by keyboard and said beside Run; one that cannot be read starts nothing', async () => {
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  const before = (await server.api.list()).length
  await page.getByLabel('Hosts', { exact: true }).fill(aliases.slice(0, 4).join(','))
  await page.getByLabel('Command', { exact: true }).fill('echo by plan')
  const options = page.getByRole('button', { name: /^Options/ })
  await options.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Batches of').fill('50%')
  await page.getByLabel('Failures allowed').fill('0')
  await page.getByLabel('Time for each host').fill('soon')
  await page.getByText('Time for each host: as 30s, 10m or 2h.').waitFor()
  // Enter in a field starts nothing: it closes the options.
  await page.keyboard.press('Enter')
  await page.getByLabel('Batches of').waitFor({ state: 'hidden' })
  await page.keyboard.press('Control+Enter')
  await page.getByRole('alert').getByText('Time for each host').waitFor()
  expect((await server.api.list()).length).toBe(before)

  await options.click()
  await page.getByLabel('Time for each host').fill('5m')
  await page.keyboard.press('Escape')
  expect(await options.innerText()).toContain(
    'batches of 50% · stops at the first failure · 5m for each',
  )
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(() => page.locator('.run-outcome').textContent(), patience).toBe('4 ok')
  const [run] = await server.api.list()
  expect(run?.plan).toMatchObject({ batch: 2, maxFailures: 0, taskTimeoutMs: 300_000 })
  // Who opens the run has its options, to run it once more with a change.
  await page.reload()
  await expect.poll(() => options.innerText(), patience).toContain('batches of 2')
  expect(tab.complaints).toEqual([])
})
