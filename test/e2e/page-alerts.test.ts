/** Alerts, schedules and triggers, on the built page against a real server, with a real receiver of webhooks. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowserPage, openTab } from '../support/browser-page.ts'
import { type Chromium, startChromium } from '../support/chromium.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { poll } from '../support/poll.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'

let server: Farglass
let chromium: Chromium
let receiver: WebhookReceiver

beforeAll(async () => {
  const args = ['--webhook-allow', '127.0.0.0/8']
  server = await startFarglass({ auth: 'none', args })
  chromium = await startChromium()
  receiver = await startWebhookReceiver()
})

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
})

/** What axe finds, in both themes, and whether anything is wider than a phone. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found: string[] = []
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const violations = await page.evaluate(async () => {
      const inPage = Reflect.get(window, 'axe') as typeof axe
      const found = await inPage.run(document)
      return found.violations
    })
    found.push(...violations.map(({ id, nodes }) => `${theme} ${id} ${nodes[0]?.html ?? ''}`))
  }
  await page.setViewportSize({ width: 390, height: 844 })
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  await page.setViewportSize({ width: 1440, height: 900 })
  return isWide ? [...found, 'wider than a phone'] : found
}

test('an alert is written, previewed and tested, and says what its webhooks have answered', async () => {
  await using tab = await openBrowserPage(chromium.browser, `${server.url}/alerts`)
  const { page } = tab
  await page.getByText('No alerts yet').waitFor()
  await page.getByRole('link', { name: 'New', exact: true }).click()
  await page.getByLabel('Name').fill('app-errors')
  await page.getByLabel('Text in the line').fill('panic|ERROR')
  await page.getByLabel('Regular expression').check()
  await page.getByRole('button', { name: 'Add a webhook' }).click()
  await page.getByLabel('Kind').selectOption('json')
  await page.getByLabel('Address').fill(`${receiver.url}/T0/s3cret`)
  await page.getByRole('button', { name: 'Preview' }).click()
  await poll(() => page.locator('.alerts-preview').textContent()).toContain('idempotencyKey')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('has not fired').waitFor()
  await page.getByRole('button', { name: 'Test app-errors' }).click()
  await page.getByText('delivered').waitFor()
  expect(receiver.received[0]?.path).toBe('/T0/s3cret')
  receiver.answers.push({ status: 404 })
  await page.getByRole('button', { name: 'Test app-errors' }).click()
  await page.getByRole('alert').getByText('HTTP status 404').waitFor()
  expect(await faultsOf(page)).toEqual([])
  // Its address is kept, and nowhere to be seen.
  await page.getByRole('link', { name: 'Edit app-errors' }).click()
  await page.getByLabel('Matches').fill('3')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('3 × / 60 s').waitFor()
  expect(await page.content()).not.toContain('s3cret')
  await page.getByRole('button', { name: 'Test app-errors' }).click()
  await receiver.messages(3)
  // The 404 is the browser's own word for the test that failed; nothing else is complained about.
  expect(tab.complaints).toEqual([])
})

test('a schedule shows its next times before it is saved, and a refusal where it was written', async () => {
  await using tab = await openBrowserPage(
    chromium.browser,
    `${server.url}/alerts?tab=schedules&edit=`,
  )
  const { page } = tab
  await page.getByLabel('Name').fill('nightly')
  await page.getByLabel('Cron expression').fill('often')
  await page.getByRole('button', { name: 'Next times' }).click()
  await page.getByRole('alert').getByText('"often" is no cron expression').waitFor()
  await page.getByLabel('Cron expression').fill('30 2 * * *')
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByRole('button', { name: 'Next times' }).click()
  await poll(() => page.locator('.alerts-times li').count()).toBe(5)
  await page.getByLabel('Hosts', { exact: true }).last().fill('web-1')
  await page.getByLabel('Command', { exact: true }).last().fill('uptime')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('30 2 * * * (Europe/Berlin)').waitFor()
  await page.getByRole('link', { name: 'Edit nightly' }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No schedules yet').waitFor()
})

test('a trigger shows its key once, when it is made', async () => {
  await fetch(`${server.url}/api/v1/commands/deploy`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      command: {
        name: 'deploy',
        confirm: 'Deploy {{service}}?',
        target: 'web-1',
        source: { kind: 'command', command: 'echo "$service"' },
        parameters: [{ name: 'service', kind: 'text' }],
      },
    }),
  })
  await using tab = await openBrowserPage(
    chromium.browser,
    `${server.url}/alerts?tab=triggers&edit=`,
  )
  const { page } = tab
  await page.getByLabel('Name').fill('deploy')
  await page.getByLabel('Saved command', { exact: true }).fill('deploy')
  await page.getByLabel('Values from the payload').fill('service=repository.name')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('"deploy" is to be confirmed').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Yes, save it' }).click()
  const key = (await page.locator('.alerts-key').textContent())?.trim() ?? ''
  expect(key).toMatch(/^[a-z0-9]{40}$/)
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByText('POST /api/v1/triggers/deploy').waitFor()
  expect(await page.content()).not.toContain(key)
})

test('a firing is shown once by a browser of several tabs, as it comes, also after the one that listened is closed', async () => {
  const api = (method: string, path: string, body: object) =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const when = { kind: 'end', outcomes: ['failed'] }
  await api('PUT', '/alerts/failed-runs', { when, desktop: true, cooldownSeconds: 1 })
  await api('PUT', '/alerts/silent', { when, desktop: false, cooldownSeconds: 1 })
  await using tab = await openBrowserPage(chromium.browser, server.url)
  // What the system would show is written down for all tabs.
  await tab.context.addInitScript(() => {
    class Shown extends EventTarget {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      close = () => {}
      constructor(title: string) {
        super()
        localStorage.setItem('shown', `${localStorage.getItem('shown') ?? ''}${title}\n`)
      }
    }
    Reflect.set(window, 'Notification', Shown)
  })
  await tab.page.goto(`${server.url}/settings/appearance`)
  const streams = (all: readonly string[]) => all.filter((url) => url.includes('/api/v1/firings/'))
  expect(streams(tab.requests)).toEqual([])
  await tab.page.getByRole('switch', { name: 'Notifications of alerts' }).check()
  const place = async (page: Page) =>
    Number.parseInt(
      await page.evaluate(() => localStorage.getItem('farglass-desktop-place') ?? ''),
      10,
    )
  await poll(() => place(tab.page)).toBeGreaterThanOrEqual(0)
  const begun = await place(tab.page)
  const other = await openTab(tab.context, `${server.url}/alerts`)
  // Both tabs are open, and one of them listens.
  await other.page.getByText('failed-runs').first().waitFor()
  const test = () => api('POST', '/alerts/failed-runs/test', {})
  const shown = () => other.page.evaluate(() => localStorage.getItem('shown'))
  const asked = tab.requests.length
  const source = { kind: 'command', command: 'true' }
  await api('POST', '/runs', { target: 'gone.invalid', source })
  const failed = 'failed-runs: a run has failed\n'
  await poll(shown).toBe(failed)
  // Both alerts have fired for the run, and nothing was asked for to hear of it.
  await poll(() => place(other.page)).toBe(begun + 2)
  expect(tab.requests.slice(asked).filter((url) => url.includes('/alerts'))).toEqual([])
  expect([streams(tab.requests).length, streams(other.requests).length]).toEqual([1, 0])
  // The other goes on, from where this one was.
  await tab.page.close()
  await test()
  await poll(shown).toBe(`${failed}failed-runs: a test\n`)
  expect(streams(other.requests).map((url) => new URL(url).search)).toEqual([`?from=${begun + 2}`])
  // A page that is loaded again misses nothing of what fires meanwhile.
  await other.page.goto('about:blank')
  await test()
  await other.page.goto(`${server.url}/settings/appearance`)
  await poll(shown).toBe(`${failed}${'failed-runs: a test\n'.repeat(2)}`)
  await other.page.getByRole('switch', { name: 'Notifications of alerts' }).uncheck()
  const held = async () => (await other.page.evaluate(() => navigator.locks.query())).held
  await poll(async () => (await held())?.length).toBe(0)
})
