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
