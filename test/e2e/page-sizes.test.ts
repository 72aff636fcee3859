/** The page in windows of many sizes: what does not fit is left out whole, and what is sought first stays in sight. */
import { expect, test } from 'vitest'
import { openBrowserPage } from '../support/browser-page.ts'
import { fakeRun } from '../support/fake-data.ts'
import { fakeSaved } from '../support/fake-saved.ts'
import { startFakeServer } from '../support/fake-server.ts'
import { poll } from '../support/poll.ts'
import { useBrowser } from '../support/use-browser.ts'

const chromium = useBrowser()
const id = (at: number): string => `r${String(at).padStart(25, '0')}`

test('figures of a run are whole or left out at every width, and beside many hosts the recent runs stay in sight', async () => {
  await using fake = await startFakeServer()
  fake.saved = fakeSaved
  for (let at = 0; at < 8; at++) fake.runs.set(id(at), fakeRun(id(at)))
  await using tab = await openBrowserPage(chromium.browser, `${fake.url}/runs/${id(0)}`)
  const { page } = tab
  await poll(() => page.locator('.run-outcome').textContent()).toBe('1 ok · 1 failed · 6 running')

  await page.setViewportSize({ width: 1440, height: 800 })
  const sidebar = page.locator('.sidebar-lists')
  const recent = sidebar.getByRole('link', { name: /^journalctl/ })
  await poll(() => recent.count()).toBe(8)
  await sidebar.getByRole('button', { name: '@web' }).first().waitFor({ state: 'attached' })
  await sidebar.getByRole('link', { name: 'restart-app' }).waitFor({ state: 'attached' })
  const edge = (await sidebar.boundingBox()) ?? { y: 0, height: 0 }
  const fifth = (await recent.nth(4).boundingBox()) ?? { y: Number.NaN, height: 0 }
  expect(fifth.y + fifth.height).toBeLessThanOrEqual(edge.y + edge.height)
  // The hosts scroll on their own, by keyboard as well.
  const last = sidebar.locator('section').first().getByRole('button').last()
  await last.focus()
  await poll(() => last.evaluate(isInSight)).toBe(true)
  expect(await sidebar.evaluate(({ scrollTop }) => scrollTop)).toBe(0)

  const isShown: Record<number, boolean> = {}
  for (let width = 1_180; width >= 390; width -= 10) {
    await page.setViewportSize({ width, height: 800 })
    const { cut, names } = await page.locator('.run-figures').evaluate(figuresIn)
    expect(cut, `at ${width} px`).toEqual([])
    expect(names.length, `at ${width} px`).toBeGreaterThan(0)
    isShown[width] = names.some((name) => name.includes('1 failed'))
  }
  expect([isShown[1_180], isShown[820], isShown[390]]).toEqual([true, true, false])
  expect(tab.complaints).toEqual([])
})

/** Runs in the page: whether nothing that scrolls or cuts hides any part of an element. */
function isInSight(element: Element): boolean {
  const { left, top, height } = element.getBoundingClientRect()
  const at = (y: number): Element | null => document.elementFromPoint(left + 20, y)
  return element.contains(at(top + 1)) && element.contains(at(top + height - 1))
}

/** Runs in the page: the figures that are seen whole, and those that are seen in part. */
function figuresIn(box: Element): { readonly cut: string[]; readonly names: string[] } {
  const outer = box.getBoundingClientRect()
  const button = box.closest('.run-header')?.querySelector('.run-title + .button')
  const right = Math.min(outer.right, button?.getBoundingClientRect().left ?? Number.NaN) + 0.5
  const cut: string[] = []
  const names: string[] = []
  for (const figure of box.children) {
    const range = document.createRange()
    range.selectNodeContents(figure)
    const inner = range.getBoundingClientRect()
    if (inner.width === 0 || inner.top >= outer.bottom) continue
    const isWhole = inner.left >= outer.left && inner.right <= right && inner.bottom <= outer.bottom
    ;(isWhole ? names : cut).push(figure.textContent ?? '')
  }
  return { cut, names }
}
