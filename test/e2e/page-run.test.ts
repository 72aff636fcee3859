/** The built page in a real browser against a real server and a real sshd: one run, seen live. */
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage, openTab, runOnPage, standsStill } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'
import { until } from '../support/until.ts'

const kit = usePageKit()

/** A file on the host and a command that follows it to its last line, `end`. */
async function followedFile(name: string, content: string) {
  const file = join(kit.folder, name)
  await writeFile(file, content)
  return { file, command: `tail -n +1 -f '${file}' | sed '/^end$/q'` }
}

const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${from + at}\n`).join('')

const lastRow = (page: Page): Promise<string | null> =>
  page.locator('.log-layer .row:not(.note) .row-text').last().textContent()

async function isAtEnd(page: Page): Promise<boolean> {
  return page
    .locator('.log-scroller')
    .evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop < 4)
}

test('seed-30-page-follow: the log stays at its newest line, waits while somebody reads, and jumps back', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const { file, command } = await followedFile('follow', numbered(0, 300))
  await runOnPage(page, kit.sshd.alias, command)
  await page.getByText('line 299', { exact: true }).waitFor()
  await appendFile(file, numbered(300, 200))
  await page.getByText('line 499', { exact: true }).waitFor()
  await until('the log is at its end', () => isAtEnd(page))

  await page.locator('.log-scroller').hover()
  await page.mouse.wheel(0, -900)
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  await standsStill(page.locator('.log-scroller'))
  const shown = await page.locator('.log-layer .row').first().textContent()
  await appendFile(file, numbered(500, 1_000))
  await page.getByText('1,000 new lines').waitFor()
  expect(await page.locator('.log-layer .row').first().textContent()).toBe(shown)
  await poll(() => page.title()).toContain('(1000)')

  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await page.getByText('line 1499', { exact: true }).waitFor()
  await appendFile(file, 'end\n')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await poll(() => lastRow(page)).toBe('end')
  await page.getByText('0 lost · 0 duplicated').waitFor()
  expect(tab.complaints).toEqual([])
})

test('the single keys act as soon as a run has been started', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await runOnPage(page, kit.sshd.alias, 'echo hello')
  await page.getByText('hello', { exact: true }).waitFor()
  await page.keyboard.press('w')
  await page.getByRole('button', { name: 'Wrap', pressed: true }).waitFor()
})

test('seed-09-two-runs-mix: each run has its own page, and the page its own lines', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const first = await followedFile('first', 'one-a\n')
  const firstRun = await runOnPage(page, kit.sshd.alias, first.command)
  await page.getByText('one-a', { exact: true }).waitFor()
  const second = await followedFile('second', 'two-a\n')
  const secondRun = await runOnPage(page, kit.sshd.alias, second.command)
  expect(secondRun).not.toBe(firstRun)
  await page.getByText('two-a', { exact: true }).waitFor()
  await appendFile(first.file, 'one-b\nend\n')
  await appendFile(second.file, 'two-b\nend\n')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  expect(await page.locator('.log-layer').textContent()).not.toContain('one-')
  await page.goBack()
  await page.getByText('one-b', { exact: true }).waitFor()
  expect(await page.locator('.log-layer').textContent()).not.toContain('two-')
})

test('seed-01-late-joiner: who opens the link later sees every line, and the same', async () => {
  await using early = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const id = await runOnPage(early.page, kit.sshd.alias, 'seq 1 2500; seq 1 3 >&2')
  await early.page.getByText('Succeeded', { exact: true }).first().waitFor()
  await using late = await openBrowserPage(kit.chromium.browser, kit.server.url)
  await late.page.goto(`${kit.server.url}/runs/${id}`)
  await late.page.getByText('2,503', { exact: true }).first().waitFor()
  // To the very first line, page by page, as a reader would.
  await late.page.keyboard.press('Home')
  await late.page.getByText('connected to', { exact: false }).first().waitFor()
  const scroller = late.page.locator('.log-scroller')
  await until(
    'every line has been drawn',
    async () => {
      // Two frames: one in which the page hears of the scroll, one in which it has drawn.
      await scroller.evaluate(async (log) => {
        log.scrollBy(0, 500)
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
      })
      return (await late.drawn()).size >= 2_503
    },
    40_000,
  )
  const drawn = await late.drawn()
  const page = await kit.server.api.lines(id, 0, 1_000)
  const rest = await kit.server.api.lines(id, page.next, 1_000)
  const last = await kit.server.api.lines(id, rest.next, 1_000)
  for (const line of [...page.lines, ...rest.lines, ...last.lines]) {
    expect([line.pos, drawn.get(line.pos)]).toEqual([line.pos, line.text])
  }
})

test('seed-26-markup seed-10-ansi-nul: hostile output runs no script, leads nowhere, asks for nothing, makes text and spans only, links if one wants them that name where they lead, and is copied as it was', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const file = join(kit.folder, 'hostile')
  const esc = '\u001b'
  const link = (address: string, words: string) =>
    `${esc}]8;;${address}${esc}\\${words}${esc}]8;;${esc}\\`
  const lines = [
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
    '<svg/onload=window.hacked=1><iframe srcdoc="<script>parent.hacked=1</script>">',
    `${esc}[31mred${esc}[0m plain ${link('javascript:window.hacked=1', 'link')}`,
    `${link('https://good.example@evil.example/', 'a name before the host')}`,
    `${link('https://evil.example/x', 'https://good.example/')} and ${link('data:text/html,x', 'data')}`,
    `clipboard ${esc}]52;c;aGFja2Vk${esc}\\ ${esc}]52;c;?\u0007 notify ${esc}]9;hacked\u0007`,
    `nul \u0000 bidi \u202edesrever\u202c c1 \u009b31m end`,
    'zero\u200bwidth\u200djoiner \u2066isolate\u2069 \ufeff mark',
    'a\u2028line\u2029separator',
    `${esc}]0;title${esc}\\${esc}[2Jcleared ${esc}[38;2;1;2;3mdark ${esc}P+q544e${esc}\\ ${esc}[6n`,
    '10%\r50%\r100%',
    '</span></div><style>*{display:none}</style>',
    '{{constructor.constructor("window.hacked=1")()}}',
  ]
  const long = `<b>${'x'.repeat(1_000_000)}</b>`
  const invalid = Buffer.from([0x69, 0x6e, 0xff, 0xfe, 0xc0, 0x80, 0x0a])
  await writeFile(file, Buffer.concat([Buffer.from(`${lines.join('\n')}\n${long}\n`), invalid]))
  const id = await runOnPage(page, kit.sshd.alias, `cat '${file}'; cat '${file}' >&2`)
  const address = page.url()
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await page.getByText('{{constructor').first().waitFor()
  const log = page.locator('.log-layer')
  // Rows are drawn frame by frame, and links once what draws them is there: the last line of both channels.
  await poll(() => log.getByText('in\ufffd\ufffd').count()).toBe(2)
  await log.locator('.row:not(.note) button').first().waitFor()
  const seen = await log.evaluate((layer) => ({
    tags: [...new Set([...layer.querySelectorAll('.row:not(.note) *')].map((one) => one.tagName))],
    attributes: [
      ...new Set(
        [...layer.querySelectorAll('.row:not(.note) .row-text *')].flatMap((one) =>
          one.getAttributeNames(),
        ),
      ),
    ],
  }))
  expect(seen.tags.toSorted()).toEqual(['BUTTON', 'SPAN'])
  expect(seen.attributes.filter((name) => name.startsWith('on') || name === 'src')).toEqual([])
  const text = (await log.textContent()) ?? ''
  expect(text).toContain('<img src=x onerror="window.hacked=1">')
  expect(text).toContain('nul ␀ bidi U+202EdesreverU+202C')
  expect(text).toContain('zeroU+200BwidthU+200Djoiner U+2066isolateU+2069 U+FEFF mark')
  expect(text).toContain('aU+2028lineU+2029separator')
  expect(text).toContain('red plain link')
  expect(text).toContain('in\ufffd\ufffd')
  expect(text).not.toContain('50%')
  // eslint-disable-next-line no-control-regex -- control characters are what must be gone
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u0080-\u009f\u202a-\u202e]/)
  await page.locator('.row-more').last().click()
  const whole = page.getByRole('dialog').getByRole('region')
  await whole.getByText(/^<b>xxx/).waitFor()
  const kinds = await whole.evaluate((view) =>
    [...view.querySelectorAll('*')].map((one) => one.tagName),
  )
  expect([...new Set(kinds)]).toEqual(['DIV'])
  await page.keyboard.press('Escape')
  await whole.waitFor({ state: 'detached' })
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  // What is copied is what the host wrote: the page hides nothing from who pastes it.
  const first = page.locator('.row', { hasText: '<img src=x' }).first()
  await first.click()
  for (let at = 1; at < lines.length; at++) await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Control+c')
  await page.getByText(`${lines.length} lines copied`).waitFor()
  const stored = (await kit.server.api.lines(id, 0, 1_000)).lines.map((line) => line.text)
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const from = stored.indexOf(lines[0] ?? '')
  expect(stored.slice(from, from + lines.length)).toEqual(lines)
  expect(copied).toBe(lines.join('\n'))
  expect(page.url().replace(/#.*$/, '')).toBe(address)
  await page.goto(`${kit.server.url}/settings/appearance`)
  await page.getByRole('switch', { name: 'Links of hosts' }).click()
  await page.goto(address)
  await page.getByText('{{constructor').first().waitFor()
  const anchors = page.locator('.log-layer .row-text a')
  await poll(() => anchors.count()).toBe(2)
  const links = await anchors.evaluateAll((all) =>
    all.map((one) => ({
      names: ['href', 'rel', 'target'].map((name) => one.getAttribute(name)),
      host: getComputedStyle(one, '::after').content,
    })),
  )
  const honest = ['https://evil.example/x', 'noopener noreferrer', '_blank']
  expect(links.map(({ names }) => names)).toEqual([honest, honest])
  for (const { host } of links) expect(host).toContain('evil.example')
  expect(tab.context.pages()).toHaveLength(1)
  expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined()
  expect(tab.requests.filter((url) => !url.startsWith(kit.server.url))).toEqual([])
  expect(tab.complaints).toEqual([])
  expect(await page.locator('.row.err').count()).toBeGreaterThan(0)
})

test('the selected line shows its level and its fields: one is copied, and only the lines with that value are left', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const file = join(kit.folder, 'fields')
  const line = (n: number) =>
    JSON.stringify({ level: n % 2 ? 'warn' : 'info', http: { status: n % 2 ? 502 : 200 }, n })
  await writeFile(file, `${[1, 2, 3, 4].map(line).join('\n')}\nlevel=error msg="it broke" took=7\n`)
  await runOnPage(page, kit.sshd.alias, `cat '${file}'`)
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await page.getByText('"n":3').click()
  const fields = page.getByRole('list', { name: 'Fields of the line' })
  await page.getByText('as the line states').waitFor()
  await fields.getByRole('button', { name: 'status 502' }).click()
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await fields.getByRole('button', { name: 'Copy path' }).click()
  await page.getByText('Copied', { exact: true }).waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('.http.status')
  await fields.getByRole('button', { name: 'Only lines with this value' }).click()
  await page.getByText('"n":4').waitFor({ state: 'detached' })
  await until(
    'two lines are left',
    async () => (await page.locator('.log-layer .row:not(.note):not(.placeholder)').count()) === 2,
  )
  expect(new URL(page.url()).searchParams.get('text')).toBe('c:"status":502')
  await page.goBack()
  await page.getByText('it broke').click()
  await fields.getByRole('button', { name: 'msg it broke' }).waitFor()
  expect(tab.complaints).toEqual([])
})

test('a prompt without newline is shown as a growing line and then once as a whole one', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const go = join(kit.folder, 'go')
  await runOnPage(
    page,
    kit.sshd.alias,
    `printf 'Password: ${'a'.repeat(60)}! '; while [ ! -e '${go}' ]; do sleep 0.05; done; echo done`,
  )
  const unfinished = page.locator('.row.partial', { hasText: 'Password:' })
  await unfinished.waitFor()
  // A filter leaves it, or not, by what it says so far.
  const address = page.url()
  for (const wanted of [':Passw', 'r:^pass.*! $', 'nr:^done']) {
    await page.goto(`${address}?text=${encodeURIComponent(wanted)}`)
    await unfinished.waitFor()
  }
  // The last one would take for ever, and holds nothing up.
  for (const other of ['channel=err', 'text=r:^done', 'text=r:(a%2B)%2B$']) {
    await page.goto(`${address}?${other}`)
    await page.getByText(/^1 filter hides all/).waitFor()
    expect(await unfinished.count()).toBe(0)
  }
  await page.goto(address)
  await unfinished.waitFor()
  await writeFile(go, '')
  await page.getByText(`Password: ${'a'.repeat(60)}! done`, { exact: true }).waitFor()
  expect(await page.locator('.row.partial').count()).toBe(0)
})

test('a line of a megabyte is shown in full in a view of its own, in which only what is in sight stands', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const bytes = 1_000_000
  await runOnPage(
    page,
    kit.sshd.alias,
    `seq -f 'item-%06g' -s ' ' 1 83334 | head -c ${bytes - 4} | tr -d '\\n'; echo ' end'`,
  )
  await page.getByText('Succeeded').first().waitFor()
  await page.getByRole('button', { name: /^Show all/ }).click()
  const dialog = page.getByRole('dialog', { name: /^Line \d+ of / })
  await dialog.getByText('item-000001').waitFor()
  const view = dialog.getByRole('region')
  expect(await view.locator('.whole-line-row').count()).toBeLessThan(100)
  await view.press('End')
  await dialog.getByText(/ end$/).waitFor()
  expect(await view.locator('.whole-line-row').count()).toBeLessThan(100)
  await tab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog.getByRole('button', { name: 'Copy all of it' }).click()
  await page.getByText('The whole line is copied').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect([copied.length, copied.slice(0, 23), copied.slice(-4)]).toEqual([
    bytes,
    'item-000001 item-000002',
    ' end',
  ])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // The row is as high as before, and the inspector leads there, too.
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Show all/ })
    .click()
  await dialog.waitFor()
  expect(tab.complaints).toEqual([])
})

test('Stop asks, ends the command on the host, and the page says so', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const id = await runOnPage(page, kit.sshd.alias, 'echo here; sleep 600')
  await page.getByText('here', { exact: true }).waitFor()
  await page.locator('.log-scroller').focus()
  await page.keyboard.press('s')
  const dialog = page.getByRole('dialog', { name: 'Stop on 1 host?' })
  await dialog.waitFor()
  await poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await page.locator('.badge', { hasText: 'Stopped' }).waitFor()
  expect((await kit.server.api.get(id)).outcome).toBe('stopped')
  expect(kit.sshd.processes().filter(({ command }) => command.includes('sleep 600'))).toEqual([])
})

test('a command is started once, however often Run is pressed and however long its key is held', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const runs = async () => (await kit.server.api.list()).length
  const before = await runs()
  await page.getByLabel('Hosts', { exact: true }).fill(kit.sshd.alias)
  await page.getByLabel('Command', { exact: true }).fill('echo once')
  await page.getByRole('button', { name: /^Run/ }).dblclick({ delay: 100 })
  await page.waitForURL(/\/runs\/r/)
  await page.getByText('once', { exact: true }).waitFor()
  expect(await runs()).toBe(before + 1)
  await page.getByLabel('Command', { exact: true }).fill('echo held')
  for (const keys of [['Enter'], ['Control', 'Enter']]) {
    const url = page.url()
    await page.getByLabel('Command', { exact: true }).focus()
    // Each time after the first is a repetition, as of a key that is held.
    for (let time = 0; time < 10; time++) for (const key of keys) await page.keyboard.down(key)
    for (const key of keys) await page.keyboard.up(key)
    await page.waitForURL((now) => now.href !== url)
    await page.getByText('held', { exact: true }).waitFor()
  }
  expect(await runs()).toBe(before + 3)
})

test('a failed connection shows what happened and what to do, in the page and beside the host', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await runOnPage(page, 'nobody@127.0.0.1:1', 'true')
  await page.getByRole('heading', { name: 'Could not run on nobody@127.0.0.1:1' }).waitFor()
  await page.locator('.failure-message', { hasText: /refused/ }).waitFor()
  await page.locator('.host-message', { hasText: /refused/ }).waitFor()
  await poll(() => page.locator('.badge').textContent()).toBe('Failed')
  await page.getByRole('link', { name: 'Look at this host' }).click()
  await page.getByRole('heading', { name: 'nobody@127.0.0.1:1', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Test connection' }).waitFor()
})

test('a link to a line opens the log around it, and follows nothing', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const id = await runOnPage(tab.page, kit.sshd.alias, 'seq 1 5000')
  await tab.page.getByText('Succeeded', { exact: true }).first().waitFor()
  const other = await openTab(tab.context, `${kit.server.url}/runs/${id}#L1234`)
  const row = other.page.locator('.row.selected')
  await row.waitFor()
  expect(await row.getAttribute('data-pos')).toBe('1234')
  const { lines } = await kit.server.api.lines(id, 1_234, 1)
  await poll(() => row.locator('.row-text').textContent()).toBe(lines[0]?.text)
  // Lines around it stand there too, and the log follows nothing.
  await other.page.locator('[data-pos="1225"]').waitFor()
  await other.page.getByRole('button', { name: 'Follow', pressed: false }).waitFor()
})

test('a wrong form says what is missing and starts nothing', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const before = (await kit.server.api.list()).length
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.getByRole('alert').filter({ hasText: 'Name at least one host.' }).waitFor()
  await page.getByLabel('Hosts', { exact: true }).fill('-oProxyCommand=x')
  await page.getByLabel('Command', { exact: true }).fill('true')
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.getByRole('alert').filter({ hasText: 'ProxyCommand' }).waitFor()
  expect((await kit.server.api.list()).length).toBe(before)
})

test('a pasted command of several lines stays one command of several lines, and is not sent by itself', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const before = (await kit.server.api.list()).length
  await page.getByLabel('Hosts', { exact: true }).fill(kit.sshd.alias)
  const field = page.getByLabel('Command', { exact: true })
  await field.focus()
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.setData('text/plain', 'echo one\necho two\n')
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }))
    document.execCommand('insertText', false, 'echo one\necho two\n')
  })
  expect(await field.inputValue()).toBe('echo one\necho two\n')
  expect((await kit.server.api.list()).length).toBe(before)
  await field.press('Enter')
  await page.getByText('two', { exact: true }).waitFor()
  await page.getByText('one', { exact: true }).waitFor()
})
