/** Retention and pins on the built page, against a real server and a real sshd. */
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'
import { until } from '../support/until.ts'

const kit = usePageKit()

async function ended(command: string): Promise<string> {
  const { id } = await kit.server.api.start({
    target: kit.sshd.alias,
    source: { kind: 'command', command },
  })
  await until('it has ended', async () => (await kit.server.api.get(id)).state === 'ended')
  return id
}

test('a limit is saved only after the page has said what it removes; a pinned run stays, and a run without its lines says why', async () => {
  const [pinned, old] = [await ended('echo pinned'), await ended('echo old')]
  await ended('echo new')
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/runs`)
  const { page, complaints } = tab
  const row = page.locator('.run-table tbody tr').filter({ hasText: 'echo pinned' })
  await row.getByRole('button', { name: 'More for echo pinned' }).click()
  await page.getByRole('menuitem', { name: 'Pin Lines are kept for good' }).click()
  await row.getByRole('img', { name: 'Pinned: retention leaves it' }).waitFor()
  await poll(async () => (await kit.server.api.get(pinned)).pinned).toBe(true)

  await page.goto(`${kit.server.url}/settings/retention`)
  await page.getByText('That removes nothing now.').waitFor()
  await page.getByRole('spinbutton', { name: 'Runs with lines' }).fill('1')
  await page
    .getByText('That removes the lines of 1 run (4 B). Lines of 1 run (4 B) stay, and of 1 pinned.')
    .waitFor()
  expect((await kit.server.api.get(old)).removed).toBeNull()
  await page.getByRole('spinbutton', { name: 'Lines of a run' }).fill('0.0001')
  await page.getByRole('alert').filter({ hasText: 'a minute or more' }).waitFor()
  await page.getByRole('spinbutton', { name: 'Lines of a run' }).fill('')
  await page.getByRole('button', { name: 'Save and remove' }).click()
  await page.getByText('Retention is saved').waitFor()
  await until('they are removed', async () => (await kit.server.api.get(old)).removed !== null)

  await page.goto(`${kit.server.url}/runs`)
  const removed = page.getByRole('cell', { name: 'removed' })
  await removed.waitFor()
  expect(await removed.getAttribute('title')).toMatch(
    /^Lines removed by retention \(not among the newest 1\)/,
  )
  await page.getByRole('link', { name: 'echo old', exact: true }).click()
  await page.getByText('retention: 1 line removed (not among the newest 1)').waitFor()
  expect(complaints).toEqual([])
})

test('a saved command has limits of its own, and all of it reads as well in Chinese', async () => {
  await using tab = await openBrowserPage(
    kit.chromium.browser,
    `${kit.server.url}/settings/retention`,
  )
  const { page } = tab
  await page.getByRole('textbox', { name: 'Name of a saved command' }).fill('backup')
  await page.getByRole('textbox', { name: 'Name of a saved command' }).press('Enter')
  await page.getByRole('spinbutton', { name: 'Runs of backup with lines' }).fill('50')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Retention is saved').waitFor()
  const answer = await fetch(`${kit.server.url}/api/v1/retention`)
  expect(await answer.json()).toMatchObject({
    saved: [{ name: 'backup', ageMs: null, runsMax: 50 }],
  })
  await page.goto(`${kit.server.url}/settings/language`)
  await page.getByRole('button', { name: '简体中文' }).click()
  await page.getByRole('link', { name: '保留' }).click()
  await page.getByRole('spinbutton', { name: 'backup 保留行的运行数' }).waitFor()
  await page.getByText('目前不会删除任何内容。').waitFor()
})

test('a run says in the status bar how long its lines stay, by the rule that counts for it', async () => {
  const { chromium, server, sshd } = kit
  const saved = await fetch(`${server.url}/api/v1/commands/kept-a-day`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      command: {
        name: 'kept-a-day',
        source: { kind: 'command', command: 'echo day' },
        keepDays: 1,
      },
    }),
  })
  expect(saved.status).toBe(200)
  const { id: day } = await server.api.start({
    target: sshd.alias,
    saved: { name: 'kept-a-day', parameters: {} },
  })
  await until('it has ended', async () => (await server.api.get(day)).state === 'ended')
  const running = await server.api.start({
    target: sshd.alias,
    source: { kind: 'command', command: 'echo on; sleep 60' },
  })
  await using tab = await openBrowserPage(chromium.browser, `${server.url}/runs/${day}`)
  const { page, complaints } = tab
  const bar = page.getByRole('contentinfo')
  const title = await bar.getByText('Kept 24 h', { exact: true }).getAttribute('title')
  expect(title).toMatch(/^Lines are kept until /)
  await page.goto(`${server.url}/runs/${running.id}`)
  await bar.getByText('Newest 1 run kept').waitFor()
  await bar.getByText('Durable: goes on without connection').waitFor()
  await fetch(`${server.url}/api/v1/runs/${running.id}/pin`, { method: 'PUT' })
  await bar.getByText('Pinned', { exact: true }).waitFor()
  await page.getByRole('tab', { name: 'Details' }).click()
  await page.getByText('Pinned: retention leaves it').waitFor()
  await server.api.stop(running.id)
  expect(complaints).toEqual([])
})

test('toolbar and status bar of a run cut no word, at 1440 and 1280 px, in both languages', async () => {
  const { chromium, server, sshd } = kit
  const { id } = await server.api.start({
    target: sshd.alias,
    source: { kind: 'command', command: 'echo on; sleep 60' },
  })
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  for (const language of ['English', '简体中文']) {
    await page.goto(`${server.url}/settings/language`)
    await page.getByRole('button', { name: language }).click()
    for (const search of ['', '?q=on']) {
      await page.goto(`${server.url}/runs/${id}${search}`)
      for (const width of [1440, 1280]) {
        await page.setViewportSize({ width, height: 800 })
        await page.locator('.status-mode').waitFor()
        await page.locator('.filter-add').waitFor()
        await poll(() => page.evaluate(cutParts)).toEqual([])
      }
    }
  }
  await server.api.stop(id)
})

/** Texts of the toolbar and of the status bar of which a part cannot be seen. */
function cutParts(): string[] {
  const parts = document.querySelectorAll('.status-bar, .status-bar *, .log-find, .log-find *')
  return [...parts]
    .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
    .map(({ className, textContent }) => `${className}: ${textContent}`)
}
