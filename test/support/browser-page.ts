/** A page of the product in a real browser, with everything it asked for and complained about. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { patienceMs, until } from './until.ts'

export interface BrowserPage extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** Addresses of all requests. */
  readonly requests: readonly string[]
  /** Errors of the console and of scripts, and violations of the content policy. */
  readonly complaints: readonly string[]
  /** Every line that the log has ever drawn: position and text. */
  drawn(): Promise<ReadonlyMap<number, string>>
}

/** Opens `address`; a link that signs in is followed to its end. */
export async function openBrowserPage(browser: Browser, address: string): Promise<BrowserPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await newPage(context, address)
  return { ...page, context, [Symbol.asyncDispose]: () => context.close() }
}

/** A further tab of the same browser, signed in as the first one is. */
export function openTab(context: BrowserContext, address: string): Promise<Tab> {
  return newPage(context, address)
}

export type Tab = Omit<BrowserPage, 'context' | typeof Symbol.asyncDispose>

/** Types a target and a command and runs it; resolves with the run's id. */
export async function runOnPage(page: Page, target: string, command: string): Promise<string> {
  const before = page.url()
  await page.getByLabel('Hosts', { exact: true }).fill(target)
  await page.getByLabel('Command', { exact: true }).fill(command)
  await page.getByLabel('Command', { exact: true }).press('Control+Enter')
  await until(
    'the page of the run opens',
    () => page.url() !== before && /\/runs\/r/.test(page.url()),
  )
  return new URL(page.url()).pathname.split('/')[2] ?? ''
}

/** Resolves once what the wheel has begun is over: a few frames in which the place stays. */
export function standsStill(scroller: Locator): Promise<void> {
  return scroller.evaluate(async (element) => {
    let top = element.scrollTop
    for (let frames = 0; frames < 5; frames++) {
      await new Promise(requestAnimationFrame)
      if (element.scrollTop === top) continue
      top = element.scrollTop
      frames = 0
    }
  })
}

async function newPage(context: BrowserContext, address: string): Promise<Tab> {
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.addInitScript(recordRows)
  await page.goto(address)
  const drawn = async () =>
    new Map(
      await page.evaluate(() => [...(Reflect.get(window, 'drawnRows') as Map<number, string>)]),
    )
  return { page, requests, complaints, drawn }
}

/** Runs in the page before its own script: notes each row as it is drawn. Rows are used again and again. */
function recordRows(): void {
  const rows = new Map<number, string>()
  Reflect.set(window, 'drawnRows', rows)
  const note = (row: HTMLElement): void => {
    const body = row.querySelector('.row-text, .note-text')
    if (body !== null) rows.set(Number(row.dataset['pos']), body.textContent ?? '')
  }
  const rowOf = (node: Node): HTMLElement | null =>
    (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>('[data-pos]') ??
    null
  new MutationObserver((changes) => {
    const changed = new Set<HTMLElement | null>()
    for (const change of changes) {
      changed.add(rowOf(change.target))
      for (const node of change.addedNodes) changed.add(rowOf(node))
    }
    for (const row of changed) if (row !== null) note(row)
  }).observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`)
  })
}
