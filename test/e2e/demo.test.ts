/** What somebody sees who has started the demo: the page behind the one printed address. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { type Chromium, startChromium } from '../support/chromium.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { poll } from '../support/poll.ts'

let server: Farglass
let chromium: Chromium

beforeAll(async () => {
  server = await startFarglass({ demo: true })
  chromium = await startChromium()
})

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

const hosts = ['api-1', 'db-1', 'web-1', 'web-2', 'worker-1']

/** Names that the rows in view begin with. */
async function hostsInLog(page: Page): Promise<readonly string[]> {
  const names = await page.locator('.log-layer .row:not(.note) .row-host').allTextContents()
  return [...new Set(names)].toSorted()
}

test('the address of the demo opens its first run, live and on all hosts', async () => {
  const link = /http:\S+/.exec(server.stdout())?.[0] ?? ''
  await using tab = await openBrowserPage(chromium.browser, link)
  const { page } = tab
  await poll(() => hostsInLog(page)).toEqual(hosts)
  const { pathname, hash } = new URL(page.url())
  expect([pathname, hash]).toEqual([new URL(link).pathname, ''])
  expect(pathname).toMatch(/^\/runs\/r/)
  await page.getByText('Running', { exact: true }).first().waitFor()
  expect(tab.complaints).toEqual([])
})

test('every command that the page suggests works on the hosts of the demo', async () => {
  await using tab = await openBrowserPage(chromium.browser, server.link())
  const { page } = tab
  const suggestions = page.locator('.new-run-list button')
  await page.getByText('5 hosts').first().waitFor()
  const count = await suggestions.count()
  expect(count).toBe(3)
  for (let at = 0; at < count; at++) {
    await page.getByRole('link', { name: 'New run' }).first().click()
    await suggestions.nth(at).click()
    await page.getByLabel('Command', { exact: true }).press('Control+Enter')
    await poll(() => hostsInLog(page)).toEqual(hosts)
    expect(await page.locator('.log-layer .row.err').count()).toBe(0)
  }
  expect(tab.complaints).toEqual([])
})
