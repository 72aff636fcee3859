/** The browser of a file of tests: started before them, and closed after them. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Chromium, startChromium } from './chromium.ts'

/** To be used within tests only. */
export function useBrowser(): { readonly browser: Browser } {
  let chromium: Chromium | undefined
  beforeAll(async () => {
    chromium = await startChromium()
  })
  afterAll(() => chromium?.[Symbol.asyncDispose]())
  return {
    get browser() {
      if (chromium === undefined) throw new Error('The browser is there only while tests run.')
      return chromium.browser
    },
  }
}
