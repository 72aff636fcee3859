/** The page when connections come and go: server killed, many tabs, no network but ours, sign-in. */
import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BrowserPage, openBrowserPage, openTab, runOnPage } from '../support/browser-page.ts'
import { startChromium } from '../support/chromium.ts'
import { type Farglass, startFarglass } from '../support/farglass.ts'
import { startNginx } from '../support/nginx.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

async function startHostFile() {
  const folder = await mkdtemp(join(tmpdir(), 'fg-page-'))
  const file = join(folder, 'log')
  await writeFile(file, '')
  return {
    file,
    command: `tail -n +1 -f '${file}' | sed '/^end$/q'`,
    [Symbol.asyncDispose]: () => removeFolder(folder),
  }
}

const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${from + at}\n`).join('')

test('the server is killed and comes back: the page says so, resumes, and the run goes on to its end with nothing lacking or repeated', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using host = await startHostFile()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  const id = await runOnPage(page, sshd.alias, host.command)
  await appendFile(host.file, numbered(0, 40))
  await page.getByText('line 39', { exact: true }).waitFor()
  await server.kill('SIGKILL')
  await page.locator('.status-item b', { hasText: 'Connection lost' }).waitFor()
  await page.getByText('Connection to Farglass lost').waitFor()
  // What was there stays.
  expect(await page.getByText('line 39', { exact: true }).count()).toBe(1)
  // The command goes on meanwhile.
  await appendFile(host.file, numbered(40, 20))
  await server.restart()
  await page.getByText('Connection to Farglass lost').waitFor({ state: 'detached' })
  await page.getByText('reconnected by a new start of Farglass').waitFor()
  await page.getByText('line 59', { exact: true }).waitFor()
  await appendFile(host.file, `${numbered(60, 20)}end\n`)
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await expectAllDrawn(tab, server, id)
  await page.getByText('81 lines · 0 lost · 0 duplicated').waitFor()
})

test('a host goes away and comes back: the page says since when and that the command goes on, and lacks and repeats nothing', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using host = await startHostFile()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  const id = await runOnPage(page, sshd.alias, host.command)
  await appendFile(host.file, numbered(0, 30))
  await page.getByText('line 29', { exact: true }).waitFor()
  await page.getByText('Durable: goes on without connection').waitFor()
  await sshd.stopListener()
  await sshd.killSessions()
  const bar = page.locator('.connection-bar')
  await bar.getByText(/^: connection lost \d+ s ago, trying again; the command goes on/).waitFor()
  await page.getByText('Reconnecting web-1', { exact: true }).waitFor()
  await page.getByText('disconnected: ').waitFor()
  await appendFile(host.file, numbered(30, 20))
  await sshd.startListener()
  await page.getByText('line 49', { exact: true }).waitFor({ timeout: 60_000 })
  await bar.waitFor({ state: 'detached' })
  await appendFile(host.file, 'end\n')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await expectAllDrawn(tab, server, id)
  await page.getByText('51 lines · 0 lost · 0 duplicated').waitFor()
  await until('the log is at its end', () =>
    page
      .locator('.log-scroller')
      .evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop < 4),
  )
  await page.getByRole('tab', { name: /^Notes/ }).click()
  await poll(() => page.locator('.note-item').allTextContents()).toEqual([
    expect.stringContaining('connected to web-1'),
    expect.stringContaining('disconnected: '),
    expect.stringContaining('reconnected after '),
    expect.stringContaining('exited 0'),
  ])
  // The stream itself was never cut.
  expect(tab.complaints).toEqual([])
})

test('a stop waits for a host that is away, and a second one gives it up: the page says so before each', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  await runOnPage(page, sshd.alias, 'echo begun; sleep 1031')
  await page.getByText('begun', { exact: true }).waitFor()
  await sshd.stopListener()
  await sshd.killSessions()
  await page.locator('.connection-bar').waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  const stop = page.getByRole('dialog', { name: 'Stop on 1 host?' })
  await stop.getByText('Away at the moment: web-1. The wish is kept').waitFor()
  await stop.getByRole('button', { name: 'Stop', exact: true }).click()
  await page
    .getByText(/trying again; it is stopped as soon as the host is back$/)
    .last()
    .waitFor()
  await page.getByRole('button', { name: 'Give up', exact: true }).click()
  const giveUp = page.getByRole('dialog', { name: 'Give up on 1 host?' })
  await giveUp.getByRole('button', { name: 'Give up', exact: true }).click()
  await page.getByText('Lost', { exact: true }).first().waitFor()
  await page.getByText('1 line · end not known · 0 duplicated').waitFor()
  await page.locator('.connection-bar').waitFor({ state: 'detached' })
})

/** The page has drawn every line of the store once, each with its text. */
async function expectAllDrawn(tab: BrowserPage, server: Farglass, id: string): Promise<void> {
  const { next } = await server.api.get(id)
  // What came while the page was away has been drawn once somebody looks there.
  await tab.page.locator('.log-scroller').focus()
  await tab.page.keyboard.press('Home')
  await until('the page has the first line', async () => (await tab.drawn()).has(0))
  await tab.page.keyboard.press('End')
  await until('the page has the last line', async () => (await tab.drawn()).has(next - 1))
  const { lines } = await server.api.lines(id, 0, 1_000)
  const drawn = await tab.drawn()
  expect([...drawn.keys()].toSorted((a, b) => a - b)).toEqual(lines.map(({ pos }) => pos))
  for (const line of lines) expect(drawn.get(line.pos)).toBe(line.text)
}

test('seed-21-six-tabs: ten tabs over HTTP/1.1 share one stream, also when the server is killed meanwhile; each has every line once', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using host = await startHostFile()
  await using other = await startHostFile()
  await using first = await openBrowserPage(chromium.browser, server.url)
  const otherId = await runOnPage(first.page, sshd.alias, other.command)
  await first.page.getByRole('link', { name: 'New run' }).first().click()
  const id = await runOnPage(first.page, sshd.alias, host.command)
  await appendFile(host.file, numbered(0, 5))
  await first.page.getByText('line 4', { exact: true }).waitFor()
  const tabs = [first]
  for (const run of [id, id, id, otherId, id, id, id, id, id]) {
    const tab = await openTab(first.context, `${server.url}/runs/${run}`)
    tabs.push({ ...first, ...tab })
  }
  const isOther = (tab: BrowserPage): boolean => tab.page.url().endsWith(otherId)
  const live = (tab: BrowserPage) => tab.page.locator('.status-item b', { hasText: /^Live$/ })
  for (const tab of tabs) await live(tab).waitFor()
  await until('one stream carries them all', async () => (await viewersOf(server)) === 1)
  await appendFile(host.file, numbered(5, 5))
  for (const tab of tabs)
    if (!isOther(tab)) await tab.page.getByText('line 9', { exact: true }).waitFor()
  // One that goes is missed by nobody; one that comes late begins where it stands.
  await tabs.pop()?.page.close()
  await server.kill('SIGKILL')
  for (const { page } of tabs)
    await page.locator('.status-item b', { hasText: 'Connection lost' }).waitFor()
  await appendFile(host.file, numbered(10, 5))
  await server.restart()
  const late = await openTab(first.context, `${server.url}/runs/${id}`)
  tabs.push({ ...first, ...late })
  for (const tab of tabs) await live(tab).waitFor()
  await until('one stream carries them all again', async () => (await viewersOf(server)) === 1)
  await appendFile(host.file, `${numbered(15, 5)}end\n`)
  await appendFile(other.file, `${numbered(0, 3)}end\n`)
  for (const tab of tabs) {
    await tab.page.locator('.status-item b', { hasText: 'Complete' }).waitFor()
    await expectAllDrawn(tab, server, isOther(tab) ? otherId : id)
    await tab.page.getByText(/ lines · 0 lost · 0 duplicated$/).waitFor()
    expect(tab.requests.filter((url) => url.includes('/stream?'))).toEqual([])
  }
  await until('nothing is left open', async () => (await viewersOf(server)) === 0)
})

test('a browser without shared workers streams in a few tabs and asks again and again in the others: all show the next line', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using host = await startHostFile()
  await using first = await openBrowserPage(chromium.browser, server.url)
  await first.context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  const id = await runOnPage(first.page, sshd.alias, host.command)
  const tabs = []
  for (let count = 0; count < 6; count++) {
    const tab = await openTab(first.context, `${server.url}/runs/${id}`)
    await tab.page.locator('.status-item b', { hasText: /^Live/ }).waitFor()
    tabs.push(tab)
  }
  await appendFile(host.file, 'one more\nend\n')
  for (const { page } of tabs) await page.getByText('one more', { exact: true }).waitFor()
  const streams = tabs.map(({ requests }) => requests.some((url) => url.includes('/stream?')))
  expect(streams.filter(Boolean).length).toBe(4)
})

async function viewersOf(server: Farglass): Promise<number> {
  const text = await (await server.api.request('/metrics')).text()
  return Number(/^farglass_viewers (\d+)$/m.exec(text)?.[1])
}

test('a proxy that holds the stream back is noticed: the status bar says so, and each line comes by short polls', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using host = await startHostFile()
  // It packs what it passes on, which fills a buffer first, and has no ear for the header against that.
  await using nginx = await startNginx({
    targetPort: server.port,
    location: [
      'proxy_http_version 1.1;',
      'proxy_ignore_headers X-Accel-Buffering;',
      'gzip on;',
      'gzip_types text/event-stream;',
      'proxy_set_header Host $http_host;',
    ],
  })
  await using chromium = await startChromium()
  const source = { kind: 'command', command: host.command } as const
  const { id } = await server.api.start({ target: sshd.alias, source })
  await using tab = await openBrowserPage(chromium.browser, `${nginx.url}/runs/${id}`)
  const { page } = tab
  const held = page.locator('.status-item', { hasText: 'A proxy holds the stream back' })
  await held.waitFor({ timeout: 20_000 })
  expect(await held.getAttribute('title')).toContain('proxy_buffering off')
  await appendFile(host.file, 'one line\n')
  await page.getByText('one line', { exact: true }).waitFor()
  await appendFile(host.file, 'end\n')
  await page.locator('.status-item b', { hasText: 'Complete' }).waitFor()
  await expectAllDrawn(tab, server, id)
})

test('two people see that the other one watches, by name when they give one, and the line that one marks, also after a new start of the server', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using host = await startHostFile()
  await using ann = await openBrowserPage(chromium.browser, `${server.url}/settings/appearance`)
  const name = ann.page.getByRole('textbox', { name: 'Your name' })
  await name.fill('a\u202eb')
  await name.press('Enter')
  await poll(() => name.inputValue()).toBe('')
  // A text, and no markup.
  await name.fill('Ann <b>王')
  await name.press('Enter')
  await ann.page.goto(server.url)
  const id = await runOnPage(ann.page, sshd.alias, host.command)
  await appendFile(host.file, numbered(0, 30))
  await ann.page.getByText('line 7', { exact: true }).click()
  await using bob = await openBrowserPage(chromium.browser, `${server.url}/runs/${id}`)
  await ann.page.getByText('1 other watches').first().waitFor()
  await bob.page.getByText('Ann <b>王 watches').first().waitFor()
  await ann.page.keyboard.press('m')
  const marked = (page: BrowserPage['page']) => page.locator('.row.marked', { hasText: 'line 7' })
  for (const { page } of [ann, bob]) await marked(page).waitFor()
  await bob.page.close()
  await ann.page.getByText('1 other watches').first().waitFor({ state: 'detached' })
  await server.restart()
  const { page } = await openTab(bob.context, `${server.url}/runs/${id}`)
  await marked(page).waitFor()
  await page.keyboard.press('M')
  await page.locator('.row.marked.selected').waitFor()
  await page.getByRole('tab', { name: /^Notes/ }).click()
  await page.getByRole('heading', { name: 'Marked lines' }).waitFor()
  await page.getByText('marked by Ann <b>王').waitFor()
  await page.getByRole('button', { name: 'Take the mark back' }).click()
  for (const each of [ann.page, page]) await marked(each).waitFor({ state: 'detached' })
})

test('an ended run holds no stream at all', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  const run = await server.api.start({
    target: sshd.alias,
    source: { kind: 'command', command: 'echo hello' },
  })
  await until('it has ended', async () => (await server.api.get(run.id)).state === 'ended')
  await using tab = await openBrowserPage(chromium.browser, `${server.url}/runs/${run.id}`)
  await tab.page.getByText('hello', { exact: true }).waitFor()
  await tab.page.locator('.status-item b', { hasText: 'Complete' }).waitFor()
  expect(tab.requests.filter((url) => url.includes('/stream'))).toEqual([])
})

test('seed-31-offline-page: the page asks its own server for everything, and the browser complains of nothing', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  // Every other name is unknown, as on a network without a way out.
  await using chromium = await startChromium([
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ])
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  await runOnPage(page, sshd.alias, 'echo hello')
  await page.getByText('hello', { exact: true }).waitFor()
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('成功', { exact: true }).first().waitFor()
  await page.getByRole('link', { name: '全部运行' }).click()
  await page.getByRole('heading', { name: '运行', exact: true }).waitFor()
  await poll(() => page.evaluate(() => document.fonts.check('12px "JetBrains Mono"'))).toBe(true)
  expect(
    tab.requests.filter((url) => !url.startsWith(`${server.url.replace(/\/$/, '')}/`)),
  ).toEqual([])
  expect(tab.complaints).toEqual([])
})

test('the link signs in once and leaves the address bar; used again it says so and nothing more', async () => {
  await using server = await startFarglass()
  await using chromium = await startChromium()
  const link = server.link()
  await using tab = await openBrowserPage(chromium.browser, link)
  await tab.page.getByRole('heading', { name: 'Run a command on your hosts' }).waitFor()
  expect(tab.page.url()).not.toContain('#t=')
  await using stranger = await openBrowserPage(chromium.browser, link)
  await stranger.page
    .getByText('This link was for one use. "farglass serve" prints a new one.')
    .waitFor()
  expect(stranger.page.url()).not.toContain('#t=')
  expect(await stranger.page.getByLabel('Command', { exact: true }).count()).toBe(0)
  await using nobody = await openBrowserPage(
    chromium.browser,
    `${server.url}/#t=neverwasatokenofthis`,
  )
  await nobody.page.getByText('This link was for one use.').waitFor()
})

test('a session that ends while the page is open: sign-in over the page, and the log goes on', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.link())
  const { page } = tab
  await page.getByRole('heading', { name: 'Run a command on your hosts' }).waitFor()
  await runOnPage(page, sshd.alias, 'echo before')
  await page.getByText('before', { exact: true }).waitFor()
  await tab.context.clearCookies()
  await page.getByRole('link', { name: 'All runs' }).click()
  const dialog = page.getByRole('dialog', { name: 'Open Farglass with its link' })
  await dialog.waitFor()
  await server.restart()
  await dialog.getByLabel('Address or token').fill(server.link())
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'echo before' }).last().click()
  await page.getByText('before', { exact: true }).waitFor()
  expect(page.url()).toContain('/runs/r')
})

test('the exact bytes of a channel are one click away, with a signed-in browser', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.link())
  const { page } = tab
  await page.getByRole('heading', { name: 'Run a command on your hosts' }).waitFor()
  await runOnPage(page, sshd.alias, "printf 'a\\000\\377b\\r\\nc'")
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await page.getByRole('tab', { name: 'Details' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'stdout' }).click()
  const file = await (await download).path()
  expect(await readFile(file)).toEqual(Buffer.from([97, 0, 255, 98, 13, 10, 99]))
})
