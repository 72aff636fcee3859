/** A page of the product in a real Chromium, and what it costs: CPU of its main thread, memory, frames. */
import type { Browser, CDPSession, Page } from 'playwright-core'

export interface BenchPage extends AsyncDisposable {
  readonly page: Page
  /** CPU of the main thread since the page was opened; wall time would count other processes as ours. */
  mainThreadMs(): Promise<number>
  /** Memory that is still in use after the garbage is gone. */
  heapMb(): Promise<number>
  /** Milliseconds from the navigation to the first line on screen. */
  firstLineMs(): Promise<number>
}

/** Opens the address in a browser without anything cached. */
export async function openBenchPage(browser: Browser, address: string): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  // The loader of TypeScript wraps functions with names in this, also those that are sent to the page.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(noteFirstLine)
  await page.goto(address)
  return {
    page,
    mainThreadMs: async () => (await metric(session, 'TaskDuration')) * 1_000,
    heapMb: async () => {
      // Twice: what the first round finalises, the second one frees.
      await session.send('HeapProfiler.collectGarbage')
      await session.send('HeapProfiler.collectGarbage')
      return (await metric(session, 'JSHeapUsedSize')) / 1e6
    },
    firstLineMs: async () => {
      await page.waitForFunction(() => Reflect.has(window, 'firstLineMs'))
      return page.evaluate(() => Number(Reflect.get(window, 'firstLineMs')))
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** Runs in the page before its own script: the moment after the frame in which a line is first drawn. */
function noteFirstLine(): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector('.log-layer .row-text')?.textContent === undefined) return
    observer.disconnect()
    requestAnimationFrame(() => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => Reflect.set(window, 'firstLineMs', performance.now())
      channel.port2.postMessage(null)
    })
  })
  observer.observe(document, { childList: true, subtree: true })
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const found = metrics.find((one) => one.name === name)
  if (found === undefined) throw new Error(`Chromium gives no ${name}.`)
  return found.value
}
