/** What ssh asks is asked on the page: an unknown host key and a password, against a real sshd. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openBrowserPage, openTab, runOnPage } from '../support/browser-page.ts'
import { startChromium } from '../support/chromium.ts'
import { startFarglass } from '../support/farglass.ts'
import { filesBelow } from '../support/files-below.ts'
import { poll } from '../support/poll.ts'
import { startSshd } from '../support/sshd.ts'
import { canMakeUsers } from '../support/throwaway-user.ts'

test('an unknown host key is shown with its fingerprint, compared, trusted once, and then the command runs', async () => {
  await using sshd = await startSshd({ known: false })
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  const id = await runOnPage(page, sshd.alias, 'echo trusted')
  const dialog = page.getByRole('dialog', { name: 'Unknown host key' })
  await dialog.waitFor()
  const fingerprint = await sshd.fingerprint()
  await dialog.getByText(fingerprint, { exact: true }).waitFor()
  await dialog.getByText('ssh-keygen -lf').waitFor()
  await poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  // A second viewer sees the same question; the first answer closes both.
  const other = await openTab(tab.context, `${server.url}/runs/${id}`)
  const otherDialog = other.page.getByRole('dialog', { name: 'Unknown host key' })
  await otherDialog.waitFor()
  const field = dialog.getByLabel('Paste the fingerprint you were given')
  await field.fill(`${fingerprint.slice(0, -1)}!`)
  await dialog.getByText('Different').waitFor()
  await poll(() => dialog.getByRole('button', { name: 'Trust and connect' }).isDisabled()).toBe(
    true,
  )
  await field.fill(`256 ${fingerprint} root@host (ED25519)`)
  await dialog.getByText('Identical').waitFor()
  await dialog.getByRole('button', { name: 'Trust and connect' }).click()
  await page.getByText('trusted', { exact: true }).waitFor()
  await otherDialog.waitFor({ state: 'detached' })
  await other.page.getByText('Answered elsewhere').waitFor()
  expect(await readFile(sshd.knownHostsFile, 'utf8')).not.toBe('')
  expect(tab.complaints).toEqual([])
})

test('cancelling an unknown host key ends the task with a sentence and trusts nothing', async () => {
  await using sshd = await startSshd({ known: false })
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  await runOnPage(page, sshd.alias, 'echo never')
  const dialog = page.getByRole('dialog', { name: 'Unknown host key' })
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: `Could not run on ${sshd.alias}` }).waitFor()
  const known = await readFile(sshd.knownHostsFile, 'utf8').catch(() => '')
  expect(known.trim()).toBe('')
})

test('a changed host key stops hard: both fingerprints, and nothing to click through', async () => {
  await using sshd = await startSshd()
  await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
  await using chromium = await startChromium()
  await sshd.changeHostKey()
  await using tab = await openBrowserPage(chromium.browser, server.url)
  const { page } = tab
  await runOnPage(page, sshd.alias, 'echo never')
  await page.getByRole('heading', { name: `Could not run on ${sshd.alias}` }).waitFor()
  await page.locator('.failure-message', { hasText: await sshd.fingerprint() }).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
})

/** Else sshd asks the same by keyboard-interactive first. */
const onlyPassword = ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no']

test.runIf(canMakeUsers)(
  'a password is asked for, refused once with a word, accepted, and in no request but the answers',
  async () => {
    await using sshd = await startSshd({ passwordUser: true, key: false, sshdConfig: onlyPassword })
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    await using chromium = await startChromium()
    await using tab = await openBrowserPage(chromium.browser, server.url)
    const { page } = tab
    const user = sshd.passwordUser
    if (user === null) throw new Error('The sshd has no user with a password.')
    await runOnPage(page, `${user.name}@${sshd.alias}`, 'id -un')
    const dialog = page.getByRole('dialog', { name: 'Password needed' })
    const field = dialog.getByLabel('Password', { exact: true })
    await field.waitFor()
    expect(await field.getAttribute('autocomplete')).toBe('off')
    expect(await field.getAttribute('type')).toBe('password')
    await field.fill('wrong-canary')
    await field.press('Enter')
    await dialog.getByRole('alert').filter({ hasText: 'Not accepted' }).waitFor()
    // Not before: what is typed into the field of the first question would go with it.
    await poll(() => field.inputValue()).toBe('')
    await field.fill(user.password)
    await field.press('Enter')
    await page.locator('.row-text', { hasText: user.name }).waitFor()
    await page.getByText('Succeeded', { exact: true }).first().waitFor()
    expect(tab.requests.filter((url) => /canary/.test(url) || url.includes(user.password))).toEqual(
      [],
    )
    const kept = await page.evaluate(
      () =>
        [localStorage, sessionStorage].flatMap((store) => Object.entries(store).flat()).join() +
        document.body.innerHTML,
    )
    expect(kept).not.toContain(user.password)
  },
)

test.runIf(canMakeUsers)(
  'the password of sudo is asked once for all hosts of a run, and is neither shown nor kept',
  async () => {
    await using sshd = await startSshd({ aliases: ['web-1', 'web-2'], passwordUser: true })
    await using server = await startFarglass({ sshConfigFile: sshd.sshConfigFile, auth: 'none' })
    await using chromium = await startChromium()
    await using tab = await openBrowserPage(chromium.browser, server.url)
    const { page } = tab
    const user = sshd.passwordUser
    if (user === null) throw new Error('The sshd has no user with a password.')
    const sudoers = `/etc/sudoers.d/${user.name}`
    await writeFile(sudoers, `${user.name} ALL=(ALL:ALL) ALL\n`, { mode: 0o440 })
    onTestFinished(() => rm(sudoers))
    await page.getByRole('button', { name: /^Options/ }).click()
    await page.getByLabel('As root, by sudo').check()
    await page.keyboard.press('Escape')
    await runOnPage(page, `${user.name}@web-1,${user.name}@web-2`, 'echo "as $(id -un)"')
    const dialog = page.getByRole('dialog', { name: 'sudo password needed' })
    const field = dialog.getByLabel('Password', { exact: true })
    await field.fill(user.password)
    await field.press('Enter')
    await page.getByText('Succeeded', { exact: true }).first().waitFor()
    const shown = [...(await tab.drawn()).values()]
    expect(shown.filter((text) => text === 'as root')).toHaveLength(2)
    expect(await dialog.count()).toBe(0)
    expect(await page.content()).not.toContain(user.password)
    const kept = filesBelow(server.dataDirectory)
    expect(kept.filter((text) => text.includes(user.password))).toEqual([])
  },
)
