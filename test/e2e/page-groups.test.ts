/** The views of a run on many hosts, on the built page against a real server and a real sshd. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage, runOnPage, standsStill } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'

const aliases = ['web-01', 'web-02', 'web-03', 'web-04', 'db-01']
const kit = usePageKit({ aliases })

/** The first host to come does something else than the others. */
const firstHost = (name: string, odd: string, other: string): string =>
  `if mkdir ${join(kit.folder, name)} 2>/dev/null; then ${odd}; else ${other}; fi`

/** Waits on the hosts until the test opens the gate. */
const gate = (name: string): string =>
  `while ! test -e ${join(kit.folder, name)}; do sleep 0.2; done`
const open = (name: string): Promise<void> => writeFile(join(kit.folder, name), '')

const heads = async (page: Page): Promise<string[]> => {
  const texts = await page.locator('.pane-head h2').allInnerTexts()
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim())
}

test('hosts with the same output stand together, live; what differs is shown word by word', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const fails = firstHost('failed', 'echo broken >&2; exit 3', gate('end-gate'))
  const common = `echo "version <b>5.0</b> of 7"; ${gate('failed-gate')}; ${fails}`
  const strange = `echo "version <b>4.2</b> of 7"; ${gate('end-gate')}`
  const command = `seq 1 20; ${firstHost('odd', strange, common)}`
  await runOnPage(page, aliases.join(','), command)
  await page.locator('.log-layer .row').first().waitFor()
  await page.keyboard.press('v')
  await page.keyboard.press('v')
  await poll(() => page.url()).toContain('view=grouped')
  await poll(() => heads(page)).toEqual([
    expect.stringMatching(/^[a-z]+-0\d running 21 lines differs from line 21 on$/),
    expect.stringMatching(/ 4 hosts running 21 lines$/),
  ])
  // What most have is open, and holds their lines as text.
  await page.locator('.pane-line', { hasText: 'version <b>5.0</b> of 7' }).waitFor()

  await page.locator('.pane-head h2 button').first().click()
  const odd = page.locator('.pane').first()
  await poll(() => odd.locator('.pane-line').allInnerTexts()).toEqual(
    ['18', '19', '20', '−version <b>5.0</b> of 7', '+version <b>4.2</b> of 7'].map((text) =>
      expect.stringContaining(text),
    ),
  )
  await poll(() => odd.locator('mark').allInnerTexts()).toEqual(['5.0', '4.2'])

  // A host fails while somebody reads: the panes stay where they are until they are sorted.
  const before = await heads(page)
  await open('failed-gate')
  await page.getByRole('button', { name: '1 group changed · Sort again' }).waitFor()
  expect((await heads(page)).slice(0, 1)).toEqual(before.slice(0, 1))
  await page.getByRole('button', { name: 'Sort again' }).click()
  await open('end-gate')
  await poll(() => heads(page)).toEqual([
    expect.stringMatching(/exit 0 21 lines differs from line 21 on$/),
    expect.stringMatching(/exit 3 22 lines differs from line 1 of stderr on$/),
    expect.stringMatching(/ 3 hosts exit 0 21 lines$/),
  ])

  // Any pane can be the one that others are compared with.
  await page
    .getByRole('button', { name: /^Compare the others with/ })
    .nth(1)
    .click()
  await page.getByText(/compared with [a-z]+-0\d/).waitFor()
  await poll(() => odd.locator('.diff-removed').allInnerTexts()).toEqual([
    expect.stringContaining('version <b>5.0</b> of 7'),
    expect.stringContaining('broken'),
  ])
  await page.getByRole('button', { name: 'Compare with most hosts' }).click()

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy as text' }).click()
  await page.getByText('3 groups copied').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const rule = '-'.repeat(15)
  expect(copied.split(`${rule}\n`).filter((_, at) => at % 2 === 1)).toEqual([
    expect.stringMatching(/^[a-z]+-0\d \(1\)\n$/),
    expect.stringMatching(/^[a-z]+-0\d \(1\), exit 3\n$/),
    expect.stringMatching(/ \(3\)\n$/),
  ])

  // The address is the view: who opens it sees the same, and Back leads to the lines as they came.
  await page.reload()
  await poll(async () => (await heads(page)).length).toBe(3)
  // Whoever takes numbers for chance has only one group of those that ended well.
  const ignored = page.getByRole('group', { name: 'Ignore' })
  await ignored.getByRole('button', { name: 'numbers', pressed: false }).click()
  await poll(() => heads(page)).toEqual([
    expect.stringMatching(/exit 3/),
    expect.stringMatching(/ 4 hosts exit 0 21 lines$/),
  ])
  await page.locator('.pane-head h2 button').first().click()
  const broken = page.locator('.pane').first()
  await broken.getByText('broken').waitFor()
  await ignored.getByRole('button', { name: 'numbers', pressed: true }).click()
  await poll(async () => (await heads(page)).length).toBe(3)
  await page
    .getByRole('toolbar')
    .getByLabel(/^View: /)
    .selectOption('merged')
  await page.locator('.log-layer .row').first().waitFor()
  expect(tab.complaints).toEqual([])
})

test('by host: panes beside each other, each with its own lines, state and place', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const command = `i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i+1)); done; ${firstHost('bad', 'exit 5', gate('panes-gate'))}; echo last`
  await runOnPage(page, aliases.join(','), command)
  await page.locator('.log-layer .row').first().waitFor()
  await page.keyboard.press('v')
  await poll(() => page.url()).toContain('view=hosts')
  const panes = page.locator('.host-pane')
  await poll(() => panes.count()).toBe(2)
  await page.setViewportSize({ width: 1_900, height: 900 })
  await poll(() => panes.count()).toBe(4)
  const names = () => panes.evaluateAll((all) => all.map((pane) => pane.getAttribute('aria-label')))
  await poll(names).toEqual(['web-01', 'web-02', 'web-03', 'web-04'])
  const lastOf = (at: number) =>
    panes.nth(at).locator('.log-layer .row:not(.note) .row-text').last()
  for (let at = 0; at < 4; at++) await poll(() => lastOf(at).textContent()).toBe('line 299')

  // Who reads in one pane stays there, and the others go on.
  await panes.nth(0).locator('.log-scroller').hover()
  await page.mouse.wheel(0, -3_000)
  await panes.nth(0).getByRole('button', { name: 'Jump to latest' }).waitFor()
  await standsStill(panes.nth(0).locator('.log-scroller'))
  const read = await panes.nth(0).locator('.log-layer .row').first().textContent()
  await open('panes-gate')
  await poll(async () => {
    const texts = await Promise.all([1, 2, 3].map((at) => lastOf(at).textContent()))
    return texts.filter((text) => text === 'last').length
  }).toBeGreaterThanOrEqual(2)
  expect(await panes.nth(0).locator('.log-layer .row').first().textContent()).toBe(read)

  // Every host can have a pane.
  await page.getByRole('button', { name: 'More hosts' }).click()
  await poll(names).toEqual(['web-02', 'web-03', 'web-04', 'db-01'])
  await page.getByLabel('Host of this pane').first().selectOption('db-01')
  await poll(names).toEqual(['db-01', 'web-03', 'web-04', 'web-02'])
  await poll(() => page.locator('.host-pane-state').allInnerTexts()).toEqual(
    Array.from({ length: 4 }, () => expect.stringMatching(/^exit [05]$/)),
  )

  // Lines are selected and copied of one host alone.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const rows = panes.nth(1).locator('.log-layer .row:not(.note)')
  await panes.nth(1).getByText('line 290', { exact: true }).click()
  await panes
    .nth(1)
    .getByText('line 295', { exact: true })
    .click({ modifiers: ['Shift'] })
  await poll(() => rows.filter({ has: page.locator('.row-text') }).count()).toBeGreaterThan(5)
  await page.keyboard.press('Control+c')
  await page.getByText('6 lines copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    [290, 291, 292, 293, 294, 295].map((at) => `line ${at}`).join('\n'),
  )

  await page.setViewportSize({ width: 390, height: 844 })
  await poll(() => panes.count()).toBe(1)
  expect(tab.complaints).toEqual([])
})
