/** Saved commands as people use them: by the command line, in the page, with the examples of the guide. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { type CliOptions, runCli, startCli } from '../support/farglass.ts'
import { filesBelow } from '../support/files-below.ts'
import { usePageKit } from '../support/page-kit.ts'
import { poll } from '../support/poll.ts'
import { until } from '../support/until.ts'

const secret = 'correct-horse-battery-staple'
const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/saved-commands.md'), 'utf8')
const examples = [...guide.matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml)
/** What it prints of its secret must be hidden; the rest proves that it has it. */
const login = `name: login
target: web-1
source:
  kind: command
  command: 'echo "$token"; printf %s "$token" | wc -c'
parameters:
  - { name: token, kind: secret, label: Token }
`

const kit = usePageKit({ aliases: ['web-1', 'web-2'] })

/** On the server; without `tty` there is nobody to be asked. */
async function farglass(words: string, more: readonly string[] = [], options: CliOptions = {}) {
  const [name = '', ...rest] = words.split(' ')
  const args = [name, '--server', kit.server.url, ...rest, ...more]
  const { status, stdout, stderr } = await runCli(args, options)
  return { status, out: stdout.toString(), err: stderr }
}

test('the examples of the guide are stored, shown, run with their parameters, found again and given out as they were', async () => {
  const yaml = examples.join('---\n')
  expect(await farglass('saved import -', [], { input: yaml })).toMatchObject({
    status: 0,
    err: 'farglass: stored: restart-app, app-log.\n',
  })
  const shown = await farglass('saved show restart-app')
  expect(shown.out).toContain('service (Service): one of api, worker')
  const asked = await farglass('run --saved restart-app -- service=api')
  expect(asked).toMatchObject({ status: 2, err: expect.stringContaining('Say --yes') })

  const note = `it's "late"; $(reboot) \\ {{service}} 你好`
  const run = await farglass('run web-2 --saved restart-app --yes --', [
    'service=api',
    `note=${note}`,
  ])
  expect(run).toMatchObject({ status: 0, out: `restarting api, at most 10 seconds\n${note}\n` })
  const both = await farglass('run --saved restart-app --yes --json -- service=worker wait=60')
  expect(both.out.match(/restarting worker, at most 60 seconds/g)).toHaveLength(2)
  const runs = await farglass('runs --saved restart-app --json')
  expect(
    runs.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).saved),
  ).toMatchObject([
    { name: 'restart-app', parameters: { service: 'worker', wait: '60', note: '' } },
    { name: 'restart-app', parameters: { service: 'api', wait: '10', note } },
  ])
  const exported = await farglass('saved export')
  expect(await farglass('saved import -', [], { input: exported.out })).toMatchObject({ status: 0 })
  expect((await farglass('saved export')).out).toBe(exported.out)
})

test('a wrong parameter is refused with a sentence before anything starts', async () => {
  await farglass('saved import -', [], { input: examples.join('---\n') })
  const start = (...words: string[]) => farglass('run web-1 --saved restart-app --yes --', words)
  const cases: readonly (readonly [words: readonly string[], sentence: string])[] = [
    [[], 'The parameter "service" is missing'],
    [['service=db'], 'The parameter "service" is not one of api, worker.'],
    [['service=api', 'wait=0'], 'The parameter "wait" is less than 1.'],
    [['service=api', `note=${'x'.repeat(81)}`], 'The parameter "note" does not match .{0,80}.'],
    [['service=api', 'nope=1'], '"restart-app" has no parameter "nope"'],
  ]
  for (const [words, sentence] of cases) {
    const { status, err, out } = await start(...words)
    expect([status === 0, out, err]).toEqual([false, '', expect.stringContaining(sentence)])
  }
  for (const asked of ['run web-1 --saved restrat-app', 'saved show restart-ap']) {
    expect((await farglass(asked)).err).toContain('Did you mean "restart-app"?')
  }
  expect(await farglass('run web-1 --saved nope')).toMatchObject({
    status: 1,
    err: expect.stringContaining('There is no saved command "nope".'),
  })
})

test('a secret is refused as a word, taken from environment, file or person, hidden in the output and stored nowhere', async () => {
  await farglass('saved import -', [], { input: login })
  const word = await farglass('run --saved login --', [`token=${secret}`])
  expect(word).toMatchObject({ status: 2, err: expect.stringContaining('"token" is secret') })
  expect(word.err).not.toContain(secret)

  const env = { FARGLASS_SECRET_TOKEN: secret }
  const run = await farglass('run --saved login', [], { env })
  expect(run).toMatchObject({ status: 0, out: expect.stringContaining(`\n${secret.length}\n`) })
  const file = join(kit.sshd.directory, 'token')
  writeFileSync(file, `${secret}\n`)
  const read = await farglass('run --saved login', ['--secret', `token=@${file}`])
  expect(read).toMatchObject({ status: 0, out: run.out })
  expect(await farglass('run --saved login --secret other')).toMatchObject({
    status: 2,
    err: expect.stringContaining('"login" has no secret parameter "other"'),
  })
  const asked = startCli(['run', '--server', kit.server.url, '--saved', 'login'], { tty: true })
  await until('it asks', () => asked.stdout().includes('Token: '))
  asked.type(`${secret}\r`)
  const typed = await asked.done
  expect(typed.status).toBe(0)
  for (const text of [
    run.out,
    run.err,
    typed.stdout.toString(),
    kit.server.stdout(),
    kit.server.stderr(),
  ]) {
    expect(text).not.toContain(secret)
  }
  const [newest] = await kit.server.api.list({ saved: 'login' })
  expect(newest?.saved?.parameters).toEqual({ token: null })
  expect(filesBelow(kit.server.dataDirectory).filter((text) => text.includes(secret))).toEqual([])
})

test('in the page one is found by the palette, started after its question, and its secret leaves the field at once', async () => {
  await farglass('saved import -', [], { input: `${login}confirm: Sign in with it?\n` })
  await using tab = await openBrowserPage(kit.chromium.browser, kit.server.url)
  const { page } = tab
  await page.getByLabel('Command', { exact: true }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Jump to a host' }).fill('login')
  // Others may come first while the saved commands are on their way.
  await page.getByRole('option', { name: /^login/, selected: true }).waitFor()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'login' })
  const token = dialog.getByLabel('Token')
  await poll(() => token.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await dialog.getByText('This is needed.').waitFor()
  await token.fill(secret)
  await page.keyboard.press('Enter')
  await dialog.getByRole('alert').getByText('Sign in with it?').waitFor()
  await kit.server.api.request('/api/v1/commands/login', { method: 'DELETE' })
  await page.keyboard.press('Enter')
  await dialog.getByText('There is no saved command "login".').waitFor()
  await poll(() => token.inputValue()).toBe('')

  await farglass('saved import -', [], { input: `${login}confirm: Sign in with it?\n` })
  const start = kit.server.api.start({ saved: { name: 'login', parameters: { token: secret } } })
  await expect(start).rejects.toMatchObject({
    code: 'confirmation-needed',
    message: 'The saved command "login" is to be confirmed: Sign in with it?',
  })
  await page.goto(`${kit.server.url}/saved?run=login`)
  await token.fill(secret)
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Yes, run it' }).click()
  await poll(() => new URL(page.url()).pathname).toMatch(/^\/runs\/r/)
  await poll(async () => [...(await tab.drawn()).values()]).toContain(String(secret.length))
  expect([...(await tab.drawn()).values()].join('\n')).not.toContain(secret)
  expect(await page.content()).not.toContain(secret)
})

test('one is written in the page with its parameters, changed, refused when somebody else was faster, and deleted', async () => {
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/saved?edit=`)
  const { page } = tab
  const editor = page.getByRole('main')
  await editor.getByLabel('Name', { exact: true }).fill('greet')
  await editor.getByLabel('Command', { exact: true }).fill('echo "hello $who"')
  await editor.getByLabel('Hosts', { exact: true }).fill('web-1')
  await page.getByRole('button', { name: 'Add a parameter' }).click()
  await page.getByRole('group', { name: 'Parameters' }).getByLabel('Name').fill('who')
  const parameter = page.getByRole('group', { name: 'who' })
  await parameter.getByLabel('Kind').selectOption('choice')
  await parameter.getByLabel('Choices').fill('world\nyou')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: 'Run greet' }).click()
  const dialog = page.getByRole('dialog', { name: 'greet' })
  await dialog.getByLabel('who').selectOption('you')
  await dialog.getByRole('button', { name: 'Run', exact: true }).dblclick()
  await poll(async () => [...(await tab.drawn()).values()]).toContain('hello you')
  const started = (await kit.server.api.list()).filter(({ saved }) => saved?.name === 'greet')
  expect(started).toHaveLength(1)

  await page.goto(`${kit.server.url}/saved?edit=greet`)
  await page.getByLabel('What it is for').fill('Says hello.')
  const { stdout } = await runCli(['saved', 'show', 'greet', '--json', '--server', kit.server.url])
  await farglass('saved put -', [], { input: stdout.toString() })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('alert').getByText('was changed meanwhile').waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page
    .getByRole('dialog', { name: 'Delete greet?' })
    .getByRole('button', { name: 'Delete' })
    .click()
  await poll(() => new URL(page.url()).search).toBe('')
  expect((await farglass('saved list')).out).not.toContain('greet')
})

test('in the page all are exported as YAML and come back from that file, typed values and those of each host too; a wrong file stores nothing', async () => {
  const typed = `name: report
target: web-[1-2]
source: { kind: command, command: 'echo "$unit, $lines lines"' }
parameters:
  - { name: lines, kind: number, min: 1, max: 50, integer: true }
  - { name: unit, kind: per-host, values: { web-2: nginx }, default: app }
`
  await farglass('saved import -', [], { input: `${examples.join('---\n')}---\n${typed}` })
  await using tab = await openBrowserPage(kit.chromium.browser, `${kit.server.url}/saved`)
  const { page } = tab
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export' }).click()
  const file = await (await coming).path()
  for (const name of ['report', 'restart-app', 'app-log']) await farglass(`saved remove ${name}`)

  const dialog = page.getByRole('dialog', { name: 'Import saved commands' })
  const send = dialog.getByRole('button', { name: 'Import' })
  await page.getByRole('button', { name: 'Import' }).click()
  await dialog.getByLabel('YAML').fill(`${typed}---\nname: Not A Name\n`)
  await send.click()
  await dialog.getByRole('alert').getByText('Nothing was stored.').waitFor()
  await dialog.getByLabel('Choose a file').setInputFiles(file)
  await poll(() => dialog.getByLabel('YAML').inputValue()).toContain('name: restart-app')
  await send.click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: 'Run restart-app' }).waitFor()

  await page.getByRole('link', { name: 'Run report' }).click()
  const start = page.getByRole('dialog', { name: 'report' })
  await start.getByLabel('lines').fill('51')
  await page.keyboard.press('Enter')
  await start.locator('.saved-fault').getByText('whole number · 1 to 50').waitFor()
  await start.getByLabel('lines').fill('5')
  await page.keyboard.press('Enter')
  await poll(async () => [...(await tab.drawn()).values()].toSorted()).toEqual(
    expect.arrayContaining(['app, 5 lines', 'nginx, 5 lines']),
  )
})
