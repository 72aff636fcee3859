/** The run list, the search through all runs and the hosts, on the built page against a real server and a real sshd. */
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { startFarglass } from '../support/farglass.ts'
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

const commands = (page: Page): Promise<string[]> =>
  page.locator('.run-table tbody .run-command').allTextContents()

test('runs are found by what became of them, by text and host, by an address that can be shared, and deleted when asked twice', async () => {
  await ended('echo one; exit 3')
  await ended('echo two')
  const last = await ended('echo three')
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/runs`)
  const { page } = tab
  await poll(() => commands(page)).toEqual(['echo three', 'echo two', 'echo one; exit 3'])
  await poll(() => page.locator('.run-result').allTextContents()).toEqual([
    'exit 0',
    'exit 0',
    'exit 3',
  ])
  await page.getByRole('button', { name: 'Failed', exact: true }).click()
  await poll(() => commands(page)).toEqual(['echo one; exit 3'])
  await page.goBack()
  await page.getByRole('searchbox', { name: 'Text in the command' }).fill('T')
  await poll(() => commands(page)).toEqual(['echo three', 'echo two', 'echo one; exit 3'])
  await page.getByRole('searchbox', { name: 'Text in the command' }).fill('TW')
  await poll(() => commands(page)).toEqual(['echo two'])
  await poll(() => new URL(page.url()).search).toBe('?q=TW')

  await page.goto(`${kit.server.url}/runs?host=nowhere`)
  await page.getByText('No run is like that').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).last().click()
  await poll(async () => (await commands(page)).length).toBe(3)
  await page.getByRole('button', { name: 'More for echo three' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete this run for good?' })
  await poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await poll(() => commands(page)).toEqual(['echo two', 'echo one; exit 3'])
  await expect(kit.server.api.get(last)).rejects.toMatchObject({ code: 'not-found' })

  await page.getByRole('button', { name: 'More for echo two' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Open' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await until('it runs again', () => /\/runs\/r/.test(page.url()))
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  expect(tab.complaints).toEqual([])
})

test('runs are found by what started them, by their saved command and by their pin; the row says which schedule it was', async () => {
  const { server, sshd } = kit
  const put = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'PUT', headers, body: JSON.stringify(body) }
    expect((await fetch(`${server.url}/api/v1/${path}`, init)).status).toBe(200)
  }
  const source = { kind: 'command', command: 'echo saved' }
  await put('commands/greet', { command: { name: 'greet', source } })
  const saved = await server.api.start({ target: sshd.alias, saved: { name: 'greet' } })
  const start = { target: sshd.alias, source: { kind: 'command', command: 'echo by itself' } }
  await put('schedules/often', { cron: '* * * * * *', start })
  const [first] = await until('the schedule has started one', async () => {
    const runs = await server.api.list({ startedBy: 'schedule:often' })
    return runs.length > 0 && runs
  })
  await put('schedules/often', { cron: '* * * * * *', start, enabled: false })
  await server.api.pin(saved.id, true)

  await using tab = await openBrowserPage(
    kit.chromium.browser,
    `${server.url}/alerts?tab=schedules`,
  )
  const { page } = tab
  await page.getByRole('link', { name: 'Runs of often' }).click()
  await poll(async () => new Set(await commands(page))).toEqual(new Set(['echo by itself']))
  await page.getByRole('img', { name: 'Schedule often' }).first().waitFor()
  await page.getByLabel('Started by').selectOption('By people')
  await poll(async () => (await commands(page)).includes('echo saved')).toBe(true)
  expect(await commands(page)).not.toContain('echo by itself')
  await page.getByLabel('Saved command').selectOption('greet')
  await poll(() => commands(page)).toEqual(['echo saved'])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await poll(async () => (await commands(page)).includes('echo by itself')).toBe(true)
  await page.getByRole('button', { name: 'Pinned', exact: true }).click()
  await poll(() => commands(page)).toEqual(['echo saved'])
  await poll(() => new URL(page.url()).search).toBe('?pinned=true')

  await page.goto(`${server.url}/runs/${first?.id}`)
  await page.getByRole('tab', { name: 'Details' }).click()
  await page.locator('.details').getByText('Schedule often').waitFor()
  expect(tab.complaints).toEqual([])
})

test('a run that was exported comes back from its file, chosen or dropped; what is none is refused with its line', async () => {
  const id = await ended('echo kept; exit 4')
  const { server } = kit
  const written = await server.api.request(`/api/v1/runs/${id}/file`)
  const file = Buffer.from(await written.arrayBuffer())
  await server.api.remove(id)
  await using tab = await openBrowserPage(kit.chromium.browser, `${server.url}/runs?q=kept`)
  const { page } = tab
  await page.getByText('No run is like that').waitFor()
  const chooser = page.locator('input[type=file]')
  const mimeType = 'application/octet-stream'
  await chooser.setInputFiles([
    { name: 'cut.ndjson', mimeType, buffer: file.subarray(0, file.length - 9) },
    { name: 'kept.gz', mimeType, buffer: gzipSync(file) },
  ])
  const refused = page.getByRole('alert').filter({ hasText: 'cut.ndjson' })
  await refused.getByText(/Line \d+ is .*\. Give a file that "farglass export/).waitFor()
  await poll(() => commands(page)).toEqual(['echo kept; exit 4'])
  await page.getByText('A run is back, with 1 line, and pinned').waitFor()
  expect(await server.api.get(id)).toMatchObject({ pinned: true, lines: 1, outcome: 'failed' })
  await server.api.remove(id)

  const held = await page.evaluateHandle((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'kept.ndjson'))
    return data
  }, file.toString())
  await page.dispatchEvent('.run-list', 'dragover', { dataTransfer: held })
  await page.getByText('Drop files of runs here').waitFor()
  await page.dispatchEvent('.run-list', 'drop', { dataTransfer: held })
  await until('it is back', async () => (await server.api.list({ q: 'kept' })).length === 1)
  await poll(() => page.getByText('Drop files of runs here').count()).toBe(0)
  // Refused because it is there: nothing of the one that is there changes.
  await chooser.setInputFiles({ name: 'again.ndjson', mimeType, buffer: file })
  await page
    .getByRole('alert')
    .filter({ hasText: 'again.ndjson' })
    .getByText(/is there already/)
    .waitFor()
  expect(tab.complaints.filter((each) => !/40[09]/.test(each))).toEqual([])
})

test('a large file over a slow line shows how much of it has gone, and can be given up', async () => {
  const { server } = kit
  const id = await ended('seq 1 100000')
  const file = await (await server.api.request(`/api/v1/runs/${id}/file`)).text()
  await server.api.remove(id)
  await using tab = await openBrowserPage(kit.chromium.browser, `${server.url}/runs?q=seq`)
  const { page } = tab
  await page.getByText('No run is like that').waitFor()
  const line = await page.context().newCDPSession(page)
  const slow = (uploadThroughput: number) =>
    line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
  await line.send('Network.enable')
  await slow(file.length / 60)
  const chooser = page.locator('input[type=file]')
  const chosen = { name: 'big.ndjson', mimeType: 'text/plain', buffer: Buffer.from(file) }
  await chooser.setInputFiles(chosen)
  await page.getByText('Importing big.ndjson…').waitFor()
  const gone = async () => Number(await page.getByLabel('Sent').getAttribute('value'))
  await until('some of it has gone', async () => (await gone()) > 0)
  const before = await gone()
  await until('more of it has gone', async () => (await gone()) > before)
  expect(await gone()).toBeLessThan(1)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await poll(() => page.getByText('Importing big.ndjson…').count()).toBe(0)
  await until('nothing of it is there', async () =>
    server.api.get(id).then(
      () => false,
      () => true,
    ),
  )
  expect(await page.getByRole('alert').count()).toBe(0)
  await slow(-1)
  await chooser.setInputFiles(chosen)
  await page.getByText('A run is back, with 100,000 lines, and pinned').waitFor()
  expect(tab.complaints).toEqual([])
})

test('a list of many runs brings the older ones as one scrolls', async () => {
  for (let round = 0; round < 11; round++) {
    await Promise.all(Array.from({ length: 5 }, (_, at) => ended(`true ${round} ${at}`)))
  }
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/runs?q=true`)
  const { page } = tab
  await poll(async () => (await commands(page)).length).toBeGreaterThanOrEqual(50)
  await page.locator('.run-list').hover()
  await page.mouse.wheel(0, 20_000)
  await poll(async () => new Set(await commands(page)).size).toBe(55)
})

test('a text is found in the lines of all runs, the newest first, and each hit leads to its line', async () => {
  const first = await ended('seq 1 3000 | sed s/^/needle-/')
  const second = await ended('echo nothing; echo Needle-7 >&2')
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/search`)
  const { page } = tab
  await page.getByRole('searchbox', { name: 'Text in a line' }).fill('needle-7')
  await page.keyboard.press('Enter')
  await page.getByText('all that there are').waitFor()
  await page.getByText('112 matches in 2 runs').waitFor()
  const runs = page.locator('.search-run h2 a')
  await poll(() => runs.allTextContents()).toEqual([
    'echo nothing; echo Needle-7 >&2',
    'seq 1 3000 | sed s/^/needle-/',
  ])
  await page.getByText('106 more matches in this run').waitFor()
  expect(await page.locator('.search-hit mark').first().textContent()).toBe('Needle-7')
  await page.locator('.search-run').nth(1).locator('.search-hit').nth(1).click()
  await until('the run opens', () => page.url().includes(`/runs/${first}`))
  await poll(() => new URL(page.url()).hash).toMatch(/^#L\d+$/)
  await page.locator('.row.selected', { hasText: 'needle-70' }).waitFor()

  await page.goto(`${kit.server.url}/search?q=Needle-7&case=sensitive`)
  await page.getByText('1 match in 1 run').waitFor()
  expect(await page.locator('.search-run h2 a').getAttribute('href')).toContain(second)
  await page.goto(`${kit.server.url}/search?q=%28&regex=true`)
  await page.getByRole('alert').getByText('is not a regular expression').waitFor()
  await page.goto(`${kit.server.url}/search?q=nowhere+to+be+found`)
  await page.getByText('No match', { exact: true }).waitFor()
})

test('the first page offers the hosts of ssh_config; a host says what ssh will use, and its way is tested step by step', async () => {
  await using empty = await startFarglass({ sshConfigFile: kit.sshd.sshConfigFile, auth: 'none' })
  await using tab = await openBrowserPage(kit.chromium.browser, empty.url)
  const { page } = tab
  await page.getByText('1 host found in your ssh_config').waitFor()
  await page.getByRole('button', { name: kit.sshd.alias, exact: true }).click()
  await poll(() => page.getByLabel('Hosts', { exact: true }).inputValue()).toBe(kit.sshd.alias)
  await page.getByRole('link', { name: 'All hosts' }).first().click()
  await page.getByRole('cell', { name: `${kit.sshd.sshConfigFile}:` }).waitFor()
  await page.getByRole('searchbox', { name: 'Find a host' }).fill('nothing')
  await page.getByText('No host has this in its name.').waitFor()
  await page.getByRole('searchbox', { name: 'Find a host' }).fill('WEB')
  await page.getByRole('cell', { name: kit.sshd.alias }).getByRole('link').click()
  await page.getByText(kit.sshd.keyFile).waitFor()
  await page.getByText(String(kit.sshd.port), { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('durable runs: yes').waitFor()
  await poll(() => page.locator('.host-step-name').allTextContents()).toEqual([
    'Resolve',
    'Connect',
    'Sign in',
    'Look around',
  ])
  await page.goto(`${empty.url}/hosts/127.0.0.1%3A1`)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('It does not work').waitFor()
  await page.getByText('Nobody listens at 127.0.0.1, port 1.').waitFor()
  await page.goto(`${empty.url}/hosts/web-%5B1-2%5D`)
  await page.getByRole('alert').waitFor()

  await tab.context.setOffline(true)
  await page.getByText('This device is offline').waitFor()
  await tab.context.setOffline(false)
  await page.getByText('Ready', { exact: true }).waitFor()
})

test('the run page downloads what its filters leave, and the exact bytes', async () => {
  const id = await ended('echo one; echo two >&2')
  await using tab = await openBrowserPage(
    kit.chromium.browser,
    `${kit.server.url}/runs/${id}?channel=err`,
  )
  const { page } = tab
  const download = async (name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Download' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name }).first().click(),
    ])
    return readFile(await file.path(), 'utf8')
  }
  expect(await download('Text')).toMatch(/^\S+Z \S+ two\n$/)
  expect(JSON.parse(await download('JSON lines'))).toMatchObject({ channel: 'err', text: 'two' })
  expect((await download('Exact bytes of all hosts')).split('\n').toSorted()).toEqual([
    '',
    'one',
    'two',
  ])
})
