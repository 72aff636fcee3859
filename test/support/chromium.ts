/** The system's Chromium, started for one test file and closed at its end. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export interface Chromium extends AsyncDisposable {
  readonly browser: Browser
}

/** `await using chrome = await startChromium()`. Throws a sentence when none is installed. */
export async function startChromium(moreFlags: readonly string[] = []): Promise<Chromium> {
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...moreFlags,
  ]
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  const browser = await chromium.launch({ executablePath: chromiumPath(), args })
  return { browser, [Symbol.asyncDispose]: () => browser.close() }
}

function chromiumPath(): string {
  const found = process.env['CHROMIUM_PATH'] ?? candidates.find((file) => existsSync(file))
  if (found === undefined) throw new Error('No Chromium: apt-get install chromium')
  return found
}
