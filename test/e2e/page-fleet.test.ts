/** Many hosts at once, on the built page against a real server and a real sshd. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage, runOnPage } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'

const aliases = Array.from({ length: 16 }, (_, at) => `web-${String(at + 1).padStart(2, '0')}`)
const kit = usePageKit({ aliases })

const hostsShown = async (page: Page): Promise<string[]> => {
  const names = await page.locator('.log-layer .row:not(.note) .row-host').allInnerTexts()
  return [...new Set(names)]
}

test('of many hosts those that failed are named once with their reason, found by state, and read alone', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const missing = ['gone-1.invalid', 'gone-2.invalid']
  await runOnPage(page, [...aliases, ...missing].join(','), 'echo here')
  await poll(() => page.locator('.run-outcome').textContent()).toBe('16 ok · 2 failed')

  // Each host has one cell, which says its state in words.
  const cells = page.locator('.fleet-cell')
  await poll(() => cells.count()).toBe(18)
  await page.getByRole('button', { name: 'web-07: exit 0' }).waitFor()
  await page.getByRole('button', { name: 'gone-1.invalid: failed' }).waitFor()
  const reasons = page.getByRole('list', { name: 'Why hosts failed' })
  await poll(() => reasons.textContent()).toContain('gone-[1-2].invalid')

  // One cell is one stop for Tab, the arrows walk from it.
  await cells.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await poll(() => hostsShown(page)).toEqual(['web-02'])
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: '2 failed' }).click()
  await poll(() => cells.count()).toBe(2)
  await page.getByRole('button', { name: 'List' }).click()
  const listed = () => page.locator('.fleet-list .host-name b').allInnerTexts()
  await poll(listed).toEqual(missing)
  await page.getByRole('button', { name: '2 failed' }).click()
  // The failed ones stay first.
  await poll(async () => (await listed()).slice(0, 3)).toEqual([...missing, 'web-01'])

  // Once more on those that failed; and filled in, to be changed first.
  const first = page.url()
  await page.getByRole('button', { name: 'Choose how' }).click()
  await page.getByRole('menuitem', { name: 'Only on the 2 that failed' }).click()
  await poll(() => page.url()).not.toBe(first)
  await poll(() => page.locator('.run-outcome').textContent()).toBe('2 failed')
  expect((await kit.server.api.listWhole())[0]?.tasks.map(({ host }) => host)).toEqual(missing)
  await page.getByLabel('Command', { exact: true }).fill('something else')
  await page.getByRole('button', { name: 'Choose how' }).click()
  await page.getByRole('menuitem', { name: 'Change it first' }).click()
  await poll(() => page.getByLabel('Command', { exact: true }).inputValue()).toBe('echo here')
  expect(tab.complaints).toEqual([])
})

test('options are chosen by keyboard and said beside Run; one that cannot be read starts nothing', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const before = (await kit.server.api.list()).length
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
  expect((await kit.server.api.list()).length).toBe(before)

  await options.click()
  await page.getByLabel('Time for each host').fill('5m')
  await page.keyboard.press('Escape')
  await poll(() => options.innerText()).toContain(
    'batches of 50% · stops at the first failure · 5m for each',
  )
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await poll(() => page.locator('.run-outcome').textContent()).toBe('4 ok')
  const [run] = await kit.server.api.list()
  expect(run?.plan).toMatchObject({ batch: 2, maxFailures: 0, taskTimeoutMs: 300_000 })
  // Who opens the run has its options, to run it once more with a change.
  await page.reload()
  await poll(() => options.innerText()).toContain('batches of 2')
  await options.click()
  await page.getByLabel('As root, by sudo').check()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await poll(async () => (await kit.server.api.list())[0]?.sudo).toBe(true)
  expect(tab.complaints).toEqual([])
})

test('a target is completed by keyboard, its hosts are told before Run, and many are asked for by their number', async () => {
  for (const host of aliases.slice(0, 3)) await kit.server.api.putHost(host, { groups: ['front'] })
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const field = page.getByLabel('Hosts', { exact: true })
  const preview = page.locator('.combo-note')
  // The sidebar has the group with its hosts; each is a target by one click.
  const tree = page.locator('.sidebar-lists')
  const arrow = tree.getByRole('button', { name: 'Hosts of @front' })
  await tree.getByRole('button', { name: /^web-02/ }).click()
  await poll(() => field.inputValue()).toBe('web-02')
  await arrow.click()
  await tree.getByRole('button', { name: /^web-02/ }).waitFor({ state: 'detached' })
  await page.reload()
  await poll(() => arrow.getAttribute('aria-expanded')).toBe('false')
  await tree.getByRole('button', { name: '@front 3' }).click()
  await poll(() => field.inputValue()).toBe('@front')
  await field.fill('')
  // A list covers the page only when it is asked for.
  await page.reload()
  await arrow.waitFor()
  await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('target')
  expect(await preview.count()).toBe(0)
  await page.keyboard.press('ArrowDown')
  await page.getByRole('option', { name: '@front' }).waitFor()
  await page.keyboard.press('Escape')
  await field.focus()
  await page.keyboard.type('web-16,@fr')
  await page.getByRole('option', { name: '@front' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await poll(() => field.inputValue()).toBe('web-16,@front')
  await poll(() => preview.innerText()).toMatch(/^4 hosts\s+web-\[01-03,16\]$/)
  // Why a target names nobody is told, and by whom.
  await page.keyboard.type('&web-09')
  await poll(() => preview.innerText()).toContain('No host is both in')

  await field.fill('nobody-[1-24].invalid')
  await page.getByLabel('Command', { exact: true }).fill('true')
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog', { name: 'Run on 24 hosts?' })
  await dialog.getByText('nobody-[1-24].invalid').waitFor()
  const before = (await kit.server.api.list()).length
  const run = dialog.getByRole('button', { name: 'Run on 24 hosts' })
  await page.keyboard.type('23')
  await poll(() => page.getByLabel('Type 24 to go on').inputValue()).toBe('23')
  await page.keyboard.press('Enter')
  expect(await run.isDisabled()).toBe(true)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect((await kit.server.api.list()).length).toBe(before)
  await page.keyboard.press('Control+Enter')
  await page.getByLabel('Type 24 to go on').fill('24')
  await run.click()
  await poll(() => page.url()).toMatch(/\/runs\/r/)
  expect((await kit.server.api.list())[0]?.hosts).toBe(24)
  expect(tab.complaints).toEqual([])
})

test('a host is added with groups, checked beside others, run on by its group, changed and removed', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/hosts`)
  const { page } = tab
  await page.getByRole('button', { name: 'Add host' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add host' })
  await dialog.getByLabel('Name').fill('extra-1')
  await dialog.getByLabel('Destination').fill(kit.sshd.address)
  await dialog.getByLabel('Groups').fill('spare, @front')
  await dialog.getByLabel('Tags').fill('no tag')
  await dialog.getByRole('button', { name: 'Save' }).click()
  // What cannot be is refused with the reason, and what was typed stays.
  await dialog.getByRole('alert').getByText('is not a tag as env:prod').waitFor()
  await dialog.getByLabel('Tags').fill('env:test')
  await dialog.getByRole('button', { name: 'Save' }).click()

  const labels = page.getByRole('group', { name: 'Only hosts of a group or tag' })
  await labels.getByRole('button', { name: /^@spare/ }).click()
  const row = page.getByRole('row', { name: /^extra-1 / })
  await poll(() => row.innerText()).toContain('not checked')
  await poll(() => page.locator('.hosts-table .host-cell').count()).toBe(1)
  await page.getByRole('button', { name: 'Check 1 host' }).click()
  await page.getByText('All 1 are ready').waitFor()
  await poll(() => row.innerText()).toContain('ready')

  await row.getByRole('link', { name: 'extra-1' }).click()
  await page.getByText('Added here.').waitFor()
  await page.getByText('Login shell').waitFor()
  await page.getByRole('button', { name: 'More for extra-1' }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByLabel('Note').fill('Rebuilt at night')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Rebuilt at night').waitFor()
  await page.getByRole('button', { name: 'More for extra-1' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByText('ssh_config does not name it').waitFor()
  expect(
    await kit.server.api.hosts().then(({ hosts }) => hosts.map(({ name }) => name)),
  ).not.toContain('extra-1')
  expect(tab.complaints.filter((text) => !text.includes('400'))).toEqual([])
})

test('the paths of a followed source are completed on a host of the target, into directories with blanks', async () => {
  await mkdir(join(kit.folder, 'my logs'))
  await writeFile(join(kit.folder, 'my logs', 'app.log'), 'here\n')
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await page.getByLabel('Hosts', { exact: true }).fill('web-01')
  await page.getByLabel('What is read').selectOption('Files')
  const paths = page.getByLabel('Files', { exact: true })
  await paths.focus()
  await page.keyboard.type(`${kit.folder}/my`)
  await page.getByRole('option', { name: `${kit.folder}/my logs/` }).waitFor()
  await page.keyboard.press('Tab')
  await poll(() => paths.inputValue()).toBe(`"${kit.folder}/my logs/"`)
  await page.getByRole('option', { name: 'app.log' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await poll(() => paths.inputValue()).toBe(`"${kit.folder}/my logs/app.log"`)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await poll(() => page.url()).toMatch(/\/runs\/r/)
  await poll(async () => [...(await tab.drawn()).values()]).toContain('here')
  await page.keyboard.press('s')
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
  expect(tab.complaints).toEqual([])
})
