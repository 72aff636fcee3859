/** The page on a run whose lines come from several followed files. */
import { expect, test } from 'vitest'
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import { openBrowserPage } from '../support/browser-page.ts'
import { startChromium } from '../support/chromium.ts'
import { makeDataDirectory, startFarglass } from '../support/farglass.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { sampleRun } from '../support/sample-run.ts'

const hostile = '/var/log/<img src=x onerror="window.hacked=1">\u001b[31m\u202e\n.log'

test('each line says its file once per stretch; a hostile name is text only, there and in the title', async () => {
  await using data = await dataWithFiles()
  await using server = await startFarglass({ auth: 'none', dataDirectory: data.directory })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, `${server.url}/runs/${data.id}`)
  const { page } = tab
  await page.getByRole('heading', { name: /^tail \/var\/log\/access\.log/ }).waitFor()
  await page.getByText('four', { exact: true }).waitFor()
  const files = page.locator('.log-layer .row-file')
  const shown = '<img src=x onerror="window.hacked=1">U+202E␊.log'
  await poll(() => files.allTextContents()).toEqual([
    'access.log',
    'access.log',
    shown,
    'access.log',
  ])
  expect(await page.locator('.row-file.same').count()).toBe(1)
  const titles = await files.evaluateAll((all) => all.map((one) => one.getAttribute('title')))
  expect(titles.slice(1)).toEqual([
    '/var/log/access.log',
    `/var/log/${shown}`,
    '/var/log/access.log',
  ])
  await page.getByText('three', { exact: true }).click()
  await page.locator('.selected-file', { hasText: `/var/log/${shown}` }).waitFor()
  expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined()
  await poll(() => page.title()).toMatch(/^tail \/var\/log\/access\.log/)
  expect(tab.complaints).toEqual([])
})

/** A data directory with one run of two files that has ended. */
async function dataWithFiles() {
  const directory = await makeDataDirectory()
  const source = { kind: 'files', paths: ['/var/log/access.log', hostile] } as const
  const run = sampleRun({ source })
  await using store = await openSqliteStore({ directory, sync: 'full' })
  await store.catalog.create(run, 'test')
  const groups = [
    groupOf('one\ntwo', '/var/log/access.log'),
    groupOf('three', hostile),
    groupOf('four', '/var/log/access.log'),
  ]
  const tasks = run.tasks.map((task) => ({ ...task, state: 'ended', exitCode: 0 }) as const)
  const state = { state: 'ended', outcome: 'stopped', endedAt: '2026-01-01T00:00:09.000Z' } as const
  await store.log.append({ run: run.id, epoch: 1, pos: 0, groups, tasks, state })
  return {
    directory,
    id: run.id,
    [Symbol.asyncDispose]: () => removeFolder(directory),
  }
}

function groupOf(text: string, file: string): LineGroup {
  const bytes = new TextEncoder().encode(`${text}\n`)
  const count = text.split('\n').length
  return { task: 0, channel: 'out', time: 1_763_000_000_000, count, bytes, file, end: 'newline' }
}
