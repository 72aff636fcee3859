/** The palette and the keyboard, on the built page against a real server and a real sshd. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowserPage, runOnPage } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'

const kit = usePageKit({ aliases: ['db-1', 'db-2'] })

const field = (page: Page) => page.getByRole('combobox', { name: 'Jump to a host' })
const chosen = (page: Page) =>
  page.getByRole('listbox', { name: 'What fits' }).getByRole('option', { selected: true })

/** Opens the palette, types, and takes the first entry once it is the one that is meant. */
async function jump(page: Page, typed: string, entry: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await field(page).waitFor()
  await page.keyboard.type(typed)
  await poll(() => chosen(page).textContent()).toContain(entry)
  await page.keyboard.press('Enter')
  await field(page).waitFor({ state: 'detached' })
}

test('the palette leads to hosts, actions, runs, settings, lines and times by the keyboard alone', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const numbers = await runOnPage(page, kit.sshd.alias, 'seq 1 5000')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  const hello = await runOnPage(page, kit.sshd.alias, 'echo hello')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()

  await jump(page, '#seq', 'seq 1 5000')
  await poll(() => new URL(page.url()).pathname).toBe(`/runs/${numbers}`)
  await jump(page, ':2,501', 'Line 2,501')
  await poll(() => new URL(page.url()).hash).toBe('#L2501')
  await page.locator('[data-pos="2501"].selected').waitFor()
  await jump(page, ':2020-01-01 00:00', 'First line from Jan 1, 2020')
  await poll(() => new URL(page.url()).hash).toBe('#L0')
  await jump(page, ':2090-01-01 00:00', 'First line from Jan 1, 2090')
  await page.getByText('No line is that late.').waitFor()

  await jump(page, 'wll', 'Wrap long lines')
  await page.getByRole('button', { name: 'Wrap', pressed: true }).waitFor()
  await jump(page, 'hello', 'echo hello')
  await poll(() => new URL(page.url()).pathname).toBe(`/runs/${hello}`)
  await jump(page, '>new', 'New run')
  await poll(() => new URL(page.url()).pathname).toBe('/')
  await jump(page, `@${kit.sshd.alias}`, kit.sshd.alias)
  await poll(() => page.getByLabel('Hosts', { exact: true }).inputValue()).toBe(kit.sshd.alias)
  await poll(() => page.evaluate(() => document.activeElement?.id)).toBe('command')
  await jump(page, 'light', 'Light theme')
  await poll(() => page.locator('html').getAttribute('data-theme')).toBe('light')
  expect(tab.complaints).toEqual([])
})

test('hosts of the run in view are shown alone, and their output is downloaded, from the palette', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await runOnPage(page, 'db-1,db-2', 'echo here')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await jump(page, 'only db-2', 'Show only db-2')
  await poll(() => page.locator('.row[data-pos] .row-host').allTextContents()).not.toContain('db-1')
  await jump(page, 'only db-2', 'Show only db-2')
  await poll(() => page.locator('.row[data-pos] .row-host').allTextContents()).toContain('db-1')
  const download = page.waitForEvent('download')
  await jump(page, 'download db-1', 'Download the output of db-1')
  expect((await readFile(await (await download).path())).toString()).toBe('here\n')

  // What is looked for begins an alert that tells of it from now on.
  await page.getByPlaceholder('Search', { exact: true }).fill('he.e')
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await jump(page, 'make an alert', 'Make an alert of this filter')
  await poll(() => page.getByLabel('Text in the line').inputValue()).toBe('he.e')
  expect(await page.getByLabel('Regular expression').isChecked()).toBe(true)
  await page.getByLabel('Name').fill('here')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('has not fired').waitFor()
  await poll(() => page.locator('.alerts-card').innerText()).toContain('he.e')
  expect(tab.complaints).toEqual([])
})

test('keys that come before the next frame are for what they have opened, also the first ones of all', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, 'about:blank')
  const { page } = tab
  await page.addInitScript(pressBeforeFrames)
  await page.goto(kit.server.url)
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await sheet.waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await jump(page, '>new', 'New run')
  // The hosts are known, so that they can be offered at once.
  await page.getByLabel('Hosts', { exact: true }).fill('db-')
  await page.getByRole('option', { name: /^db-1/ }).waitFor()
  const press = (keys: readonly string[]): Promise<string> =>
    page.evaluate((all) => Reflect.get(window, 'pressBeforeFrame')(all), keys)
  expect(await press(['Control+k', 'text:>', 'text:n'])).toBe(
    'Jump to a host, action, run or setting: >n',
  )
  await page.keyboard.press('Escape')
  await field(page).waitFor({ state: 'detached' })
  await page.getByLabel('Hosts', { exact: true }).fill('')
  // The second of them: the first one is both hosts as a set.
  expect(await press(['text:db-', 'ArrowDown', 'ArrowDown', 'Enter'])).toBe('Hosts: db-1')
  expect(new URL(page.url()).pathname).toBe('/')
})

/** Runs in the page before its own script: presses "?" as soon as that has run, and others on demand, all before a frame. */
function pressBeforeFrames(): void {
  const press = (name: string): void => {
    const [mod = '', key = mod] = name.split('+')
    const options = { key, ctrlKey: mod === 'Control' && key !== mod, bubbles: true }
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new KeyboardEvent('keydown', { ...options, cancelable: true }))
  }
  document.addEventListener('DOMContentLoaded', () => press('?'), { once: true })
  const pressAll = async (names: readonly string[]): Promise<string> => {
    for (const name of names) {
      if (name.startsWith('text:')) document.execCommand('insertText', false, name.slice(5))
      else press(name)
      // What a key leads to is rendered in microtasks.
      for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    }
    const at = document.activeElement
    return at instanceof HTMLInputElement ? `${at.ariaLabel}: ${at.value}` : `${at?.tagName}`
  }
  Reflect.set(window, 'pressBeforeFrame', pressAll)
}

test('each action shows its key in the palette and on the sheet, and single keys can be switched off', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await runOnPage(page, kit.sshd.alias, 'echo keys')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await page.keyboard.press('Control+k')
  await field(page).fill('>')
  const keyOf = (name: string) => page.getByRole('option', { name }).locator('kbd')
  await poll(() => keyOf('Wrap long lines').allTextContents()).toEqual(['w'])
  await poll(() => keyOf('Run the command').allTextContents()).toEqual(['Ctrl ↵'])
  await poll(() => keyOf('Run again').allTextContents()).toEqual(['r'])
  // Nothing of what is typed here acts on the page behind.
  await field(page).press('w')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await sheet.getByText('Wrap long lines').waitFor()
  expect(await page.getByRole('button', { name: 'Wrap' }).getAttribute('aria-pressed')).toBe(
    'false',
  )

  await sheet.getByLabel('Single keys without').uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await page.keyboard.press('Control+k')
  await field(page).press('Escape')
  expect(await page.getByRole('button', { name: 'Wrap' }).getAttribute('aria-pressed')).toBe(
    'false',
  )
  await page.reload()
  await page.getByText('keys', { exact: true }).waitFor()
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await field(page).fill('all keys')
  await poll(() => chosen(page).textContent()).toContain('All keys')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Keys' }).getByLabel('Single keys without').check()
  await page.keyboard.press('Escape')
  await page.keyboard.press('w')
  await page.getByRole('button', { name: 'Wrap', pressed: true }).waitFor()
  expect(tab.complaints).toEqual([])
})

test('what is chosen in the settings holds at once, and after the page is opened anew', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  const id = await runOnPage(page, kit.sshd.alias, 'echo sized')
  await page.getByText('Succeeded', { exact: true }).first().waitFor()
  await jump(page, 'settings app', 'Settings: Appearance')
  await page.getByRole('group', { name: 'Size of the log' }).getByText('16').click()
  await page.getByRole('group', { name: 'Theme' }).getByText('Light').click()
  await page.getByRole('switch', { name: 'Wrap long lines' }).check()
  await page.getByLabel('Time before each line').selectOption('utc')
  await page.getByRole('link', { name: 'Language' }).click()
  await page.getByRole('button', { name: '简体中文', exact: true }).click()
  await page.getByRole('heading', { name: '设置' }).waitFor()

  await page.goto(`${kit.server.url}/runs/${id}`)
  const row = page.locator('.row', { hasText: 'sized' })
  await row.waitFor()
  await poll(() => row.evaluate((element) => getComputedStyle(element).fontSize)).toBe('16px')
  await poll(() => row.evaluate((element) => element.getBoundingClientRect().height)).toBe(26)
  await poll(() => page.locator('html').getAttribute('data-theme')).toBe('light')
  await page.getByRole('button', { name: '自动换行', pressed: true }).waitFor()
  await poll(() => page.getByLabel('时间', { exact: true }).inputValue()).toBe('utc')
  expect(tab.complaints).toEqual([])
})
