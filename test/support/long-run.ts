/** A run of any length on the fake server, whose line n says `line n`, and how a page shows it. */
import type { Browser, Page } from 'playwright-core'
import type { WireLine } from '../../src/shared/protocol/events.ts'
import { type BrowserPage, openBrowserPage } from './browser-page.ts'
import { fakeRun, fakeTask } from './fake-data.ts'
import { type FakeServer, startFakeServer } from './fake-server.ts'

export const longRunId = `r${'long'.padEnd(25, '0')}`
export const longRunPath = `/runs/${longRunId}`

export async function startLongRun(count: number): Promise<FakeServer> {
  const fake = await startFakeServer()
  fake.lineOf = numbered
  fake.runs.set(longRunId, longRun(count))
  return fake
}

/** The run and a page that has opened it at its end. */
export async function openLongRun(
  browser: Browser,
  count: number,
): Promise<BrowserPage & { readonly fake: FakeServer }> {
  const fake = await startLongRun(count)
  const tab = await openBrowserPage(browser, fake.url + longRunPath)
  const end = async (): Promise<void> => {
    await tab[Symbol.asyncDispose]()
    await fake[Symbol.asyncDispose]()
  }
  return { ...tab, fake, [Symbol.asyncDispose]: end }
}

export const longRun = (count: number) =>
  fakeRun(longRunId, { next: count, lines: count, tasks: [fakeTask('web-01')], gaps: 0 })

export const numbered = (pos: number): WireLine => ({
  pos,
  task: 0,
  channel: 'out',
  time: new Date(1_790_000_000_000 + pos).toISOString(),
  text: `line ${pos}`,
})

/** Lines that come, as an event of the stream. */
export const batch = (pos: number, count: number, time: string) =>
  ({
    kind: 'lines',
    pos,
    next: pos + count,
    groups: [
      {
        task: 0,
        channel: 'out',
        time,
        lines: Array.from({ length: count }, (_, at) => `line ${pos + at}`),
      },
    ],
  }) as const

/** Line and pixel at the upper edge of the view, as they are drawn. */
export function topOf(page: Page): Promise<{ readonly pos: number; readonly off: number }> {
  return page.evaluate(() => {
    const edge = document.querySelector('.log-scroller')?.getBoundingClientRect().top ?? 0
    for (const row of document.querySelectorAll<HTMLElement>('.log-layer .row')) {
      const { top, bottom } = row.getBoundingClientRect()
      if (bottom > edge + 0.5)
        return { pos: Number(row.dataset['pos']), off: Math.round(edge - top) }
    }
    return { pos: -1, off: -1 }
  })
}

/** Waits until a line is in the page. */
export const shows = (page: Page, pos: number) =>
  page.locator(`[data-pos="${pos}"]`, { hasText: `line ${pos}` }).waitFor()
