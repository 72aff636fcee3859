/** What stands between a reader who opens a run and its first lines. */
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { usePageKit } from '../support/page-kit.ts'
import { until } from '../support/until.ts'

const kit = usePageKit()

test('the last lines of a run come with its page: before them nothing is asked for but one file of code and one of styles', async () => {
  const { server, sshd, chromium } = kit
  const hostile = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked=1">'
  const command = `seq 1 5000; echo '${hostile}'`
  const target = sshd.alias
  const { id } = await server.api.start({ target, source: { kind: 'command', command } })
  await until('the run has ended', async () => (await server.api.get(id)).state === 'ended')
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  await page.addInitScript(noteFirstLine)
  await page.goto(`${server.url}/runs/${id}`)
  await page.getByText(hostile, { exact: true }).waitFor()
  // Every other part of the page is there all the same, and none says meanwhile that there is nothing.
  await page
    .getByRole('complementary', { name: 'About this run' })
    .getByText(target)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Run again' }).first().waitFor()
  const before = await page.evaluate(() => {
    const first = Number(Reflect.get(window, 'firstLineMs'))
    const entries = performance.getEntriesByType('resource')
    const asked = entries.filter(({ startTime }) => startTime < first).map(({ name }) => name)
    // No text waits for a font.
    return asked.filter((name) => !name.endsWith('.woff2'))
  })
  expect(before.map((name) => new URL(name).pathname.replace(/-[\w-]+/, '')).toSorted()).toEqual([
    '/assets/index.css',
    '/assets/index.js',
  ])
  expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined()
  expect(await page.evaluate(() => Reflect.get(window, 'saysEmpty'))).toBe(false)
  expect(await page.locator('#opening').count()).toBe(0)
  // And the rest of the run is scrolled as ever.
  await page.locator('.log-scroller').press('Home')
  await page.getByText('1', { exact: true }).first().waitFor()
  expect(tab.complaints).toEqual([])
})

/** Runs in the page before its own script: the moment in which the first line stands in the document. */
function noteFirstLine(): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector('.log-layer .row-text')?.textContent === undefined) return
    observer.disconnect()
    Reflect.set(window, 'firstLineMs', performance.now())
    Reflect.set(window, 'saysEmpty', document.querySelector('.sidebar-empty') !== null)
  })
  observer.observe(document, { childList: true, subtree: true })
}
