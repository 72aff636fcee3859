/** The command bar with what is followed instead of a command. */
import { appendFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { startChromium } from '../support/chromium.ts'
import { startFarglass } from '../support/farglass.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

test('files are followed from the page: chosen by the keyboard, named by paths, and again from the run', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fg-page-files-'))
  const file = join(directory, 'my app.log')
  await writeFile(file, 'one\n')
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  await page.getByLabel('Hosts', { exact: true }).fill(sshd.alias)
  const source = page.getByLabel('What is read')
  await source.focus()
  await source.selectOption('Files')
  const paths = page.getByLabel('Files', { exact: true })
  await paths.waitFor()
  // How it is read is not to be chosen, and what is missing is said in its own words.
  expect(await page.getByRole('button', { name: /^Options/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByText('Write the paths of the files to follow.').waitFor()
  await paths.fill(`"${file}"`)
  await paths.press('Enter')
  await until('the line of the file is shown', async () =>
    [...(await tab.drawn()).values()].includes('one'),
  )
  await appendFile(file, 'two\n')
  await until('the next line is shown', async () =>
    [...(await tab.drawn()).values()].includes('two'),
  )
  const [run] = await server.api.list()
  expect(run?.source).toEqual({ kind: 'files', paths: [file] })
  // The page of a run has what would be followed again.
  await page.reload()
  await until(
    'the bar is filled',
    async () => (await page.getByLabel('Files', { exact: true }).inputValue()) === `"${file}"`,
  )
  expect(tab.complaints).toEqual([])
  await removeFolder(directory)
})

test.each([
  ['Journal unit', 'bad unit', 'holds a character that no such name has'],
  ['Container', '-x', 'begins with "-"'],
])(
  'a %s with a name that cannot be is refused with the reason, and nothing is started',
  async (kind, name, why) => {
    await using server = await startFarglass({ auth: 'none' })
    await using chromium = await startChromium()
    await using tab = await openBrowserPage(chromium.browser, server.url)
    await tab.page.getByLabel('Hosts', { exact: true }).fill('web-1')
    await tab.page.getByLabel('What is read').selectOption(kind)
    await tab.page.getByLabel(kind, { exact: true }).fill(name)
    await tab.page.getByLabel(kind, { exact: true }).press('Enter')
    await tab.page.getByRole('alert').getByText(why).waitFor()
    expect(await server.api.list()).toEqual([])
  },
)
