/** Pictures of every screen and state of the page: `npx tsx scripts/screenshots.ts [folder] [name…]`. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../test/support/chromium.ts'
import { fakeEnd, fakeLine, fakeNow, groupOf } from '../test/support/fake-data.ts'
import { fakeGroups } from '../test/support/fake-groups.ts'
import { fakeSaved } from '../test/support/fake-saved.ts'
import { type FakeServer, startFakeServer } from '../test/support/fake-server.ts'
import { ensureBuilt } from './build.ts'
import { fakeRuns, id } from './screenshot-runs.ts'

interface Shot {
  readonly name: string
  readonly path: string
  /** What the page shows when it is ready. */
  readonly wanted?: string
  /** Changes the runs and the server before the page opens. */
  readonly prepare?: (fake: FakeServer) => void
  /** What is done on the page before the picture is taken. */
  readonly act?: (page: Page, fake: FakeServer) => Promise<void>
}

const run = `/runs/${id('live')}`

const shots: readonly Shot[] = [
  { name: 'new', path: '/' },
  { name: 'empty', path: '/', prepare: (fake) => fake.runs.clear() },
  {
    name: 'new-files',
    path: '/',
    act: (page) =>
      page
        .getByRole('combobox')
        .nth(1)
        .selectOption('files')
        .then(() => undefined),
  },
  { name: 'target', path: '/', act: (page) => typeTarget(page, 'cache-01,web') },
  { name: 'target-none', path: '/', act: (page) => typeTarget(page, '@web&@db') },
  {
    name: 'target-hosts',
    path: '/',
    act: async (page) => {
      await typeTarget(page, '@web,db-02')
      await page.locator('#command').focus()
    },
  },
  {
    name: 'confirm',
    path: '/',
    act: async (page) => {
      await typeTarget(page, '@*')
      await page.locator('#command').fill('systemctl restart app')
      await page.keyboard.press('Enter')
      await until(page, 'dialog')
    },
  },
  {
    name: 'options',
    path: '/',
    act: async (page) => {
      await page.locator('.command-mode').click()
      await until(page, '.options-field input')
      const fields = page.locator('.options-field input')
      await fields.nth(0).fill('10')
      await fields.nth(1).fill('5')
      await fields.nth(2).fill('2')
      await fields.nth(3).fill('soon')
    },
  },
  { name: 'running', path: run, wanted: '[data-pos]' },
  { name: 'found', path: `${run}?q=order`, wanted: '.search-count' },
  {
    name: 'by-level',
    path: run,
    wanted: '.histogram-split',
    act: (page) => page.locator('.histogram-split').click(),
  },
  {
    name: 'whole-line',
    path: run,
    wanted: '[data-pos]',
    prepare: (fake) => {
      fake.lineOf = (pos) => (pos === fakeEnd - 3 ? longLine(pos) : fakeLine(pos))
    },
    act: async (page) => {
      await until(page, '.row-more')
      await page.locator('.row-more').click()
      await until(page, '.whole-line-row')
    },
  },
  { name: 'rates', path: run, wanted: '[data-pos]', act: writeForAMinute },
  {
    name: 'removed',
    path: run,
    wanted: '.log-removed',
    prepare: (fake) => {
      const live = fake.runs.get(id('live'))
      if (live !== undefined) fake.runs.set(live.id, { ...live, first: 12_000 })
    },
    act: (page) => page.keyboard.press('Home'),
  },
  {
    name: 'selected',
    path: run,
    wanted: '[data-pos]',
    act: async (page) => {
      await until(page, `[data-pos="${fakeEnd - 15}"]`)
      await page.locator(`[data-pos="${fakeEnd - 15}"]`).click()
    },
  },
  { name: 'paused', path: run, wanted: '[data-pos]', act: pause },
  { name: 'wrapped', path: run, wanted: '[data-pos]', act: (page) => page.keyboard.press('w') },
  {
    name: 'since-start',
    path: run,
    wanted: '[data-pos]',
    act: async (page) => {
      await page.keyboard.press('t')
      await page.keyboard.press('t')
    },
  },
  { name: 'waiting', path: run, wanted: '[data-pos]', act: goWithoutLines },
  { name: 'failed', path: `/runs/${id('failed')}`, wanted: '.failure' },
  { name: 'ended', path: `/runs/${id('ended')}`, wanted: '[data-pos]' },
  {
    name: 'again',
    path: `/runs/${id('again')}`,
    wanted: '.run-again-how',
    act: (page) => page.locator('.run-again-how').click(),
  },
  { name: 'host-key', path: `/runs/${id('key')}`, wanted: 'dialog' },
  { name: 'password', path: `/runs/${id('password')}`, wanted: 'dialog' },
  { name: 'runs', path: '/runs', wanted: 'td' },
  { name: 'runs-failed', path: '/runs?show=failed&q=tail', wanted: 'td' },
  { name: 'runs-none', path: '/runs?q=nothing+like+it', wanted: '.run-list-empty' },
  {
    name: 'runs-menu',
    path: '/runs',
    wanted: 'td',
    act: (page) => page.locator('.run-more > button').nth(7).click(),
  },
  ...['appearance', 'keyboard', 'retention', 'about'].map((part) => ({
    name: `settings-${part}`,
    path: `/settings/${part}`,
    wanted: '.settings-part',
  })),
  ...['alerts', 'schedules', 'triggers'].map((tab) => ({
    name: tab,
    path: `/alerts?tab=${tab}`,
    wanted: '.alerts-card',
  })),
  { name: 'hosts', path: '/hosts', wanted: 'td' },
  {
    name: 'host-new',
    path: '/hosts',
    wanted: 'td',
    act: async (page) => {
      await page.locator('.hosts-head .button').click()
      await until(page, 'dialog')
    },
  },
  ...['db-01', 'db-02'].map((host) => ({
    name: `host-${host}`,
    path: `/hosts/${host}`,
    wanted: '.host-settings',
    act: (page: Page) => page.locator('.host-box button').click(),
  })),
  { name: 'saved', path: '/saved', wanted: '.saved-card' },
  {
    name: 'saved-none',
    path: '/saved',
    wanted: '.saved-empty',
    prepare: (fake) => {
      fake.saved = []
    },
  },
  { name: 'saved-edit', path: '/saved?edit=restart-app', wanted: '.editor-parameter' },
  {
    name: 'saved-import',
    path: '/saved',
    wanted: '.saved-card',
    act: async (page) => {
      await page.locator('.saved-head button').click()
      await until(page, '.saved-yaml')
    },
  },
  { name: 'saved-start', path: '/saved?run=restart-app', wanted: '.saved-form', act: startSaved },
  { name: 'search', path: '/search?q=connection', wanted: '[data-phase=done]' },
  { name: 'reconnect', path: run, wanted: '[data-pos]', act: loseServer },
  {
    name: 'sign-in',
    path: '/#t=usedusedusedusedused',
    prepare: (fake) => {
      fake.signedIn = false
    },
  },
  { name: 'not-here', path: `/runs/${id('nothing')}` },
  { name: 'stop', path: run, wanted: '[data-pos]', act: (page) => page.keyboard.press('s') },
  { name: 'away', path: `/runs/${id('away')}`, wanted: '.connection-bar' },
  { name: 'away-stop', path: `/runs/${id('away')}`, wanted: '.connection-bar', act: pressStop },
  { name: 'stopping', path: `/runs/${id('stopping')}`, wanted: '.connection-bar' },
  { name: 'give-up', path: `/runs/${id('stopping')}`, wanted: '.connection-bar', act: pressStop },
  { name: 'disk-full', path: `/runs/${id('full')}`, wanted: '.connection-bar' },
  { name: 'keys', path: run, wanted: '[data-pos]', act: (page) => page.keyboard.press('?') },
  { name: 'palette', path: run, wanted: '[data-pos]', act: (page) => openPalette(page, 'db') },
  { name: 'palette-all', path: '/', act: (page) => openPalette(page, '') },
  {
    name: 'palette-line',
    path: run,
    wanted: '[data-pos]',
    act: (page) => openPalette(page, ':9:41'),
  },
  { name: 'fleet', path: `/runs/${id('fleet')}`, wanted: '[data-pos]', act: openHosts },
  { name: 'fleet-list', path: `/runs/${id('fleet')}`, wanted: '[data-pos]', act: openHostList },
  { name: 'by-host', path: `${run}?view=hosts`, wanted: '.host-pane [data-pos]' },
  {
    name: 'grouped',
    path: `/runs/${id('grouped')}?view=grouped`,
    wanted: '.pane-line',
    act: async (page) => {
      await page.locator('.pane-head h2 button').first().click()
      await until(page, '.diff-added')
    },
  },
  { name: 'notes', path: run, wanted: '[data-pos]', act: (page) => openTab(page, /Notes|提示/) },
  {
    name: 'details',
    path: `/runs/${id('away')}`,
    wanted: '.connection-bar',
    act: (page) => openTab(page, /Details|详情/),
  },
]

/** What a service logs that puts a whole answer into one line. */
function longLine(pos: number): ReturnType<typeof fakeLine> {
  const order = (at: number): string =>
    `{"id":${81_920 + at},"customer":"耳机 ${at}","state":"shipped","total":${(at * 37) % 900}.90}`
  const orders = Array.from({ length: 700 }, (_, at) => order(at)).join(',')
  return { ...fakeLine(pos), channel: 'out', text: `DEBUG orders answer=[${orders}]` }
}

async function openTab(page: Page, name: RegExp): Promise<void> {
  const tab = page.getByRole('tab', { name })
  if (!(await tab.isVisible()))
    await page.locator('button.phone-tool', { hasText: /Hosts|主机/ }).click()
  await tab.click()
}

async function typeTarget(page: Page, typed: string): Promise<void> {
  await page.locator('#target').fill('')
  await page.keyboard.type(typed)
  await until(page, '.combo-note b, .combo-note.tone-warn')
  await page.clock.runFor(400)
}

/** The panel of hosts, which a phone has in a drawer. */
async function openHosts(page: Page): Promise<void> {
  const button = page.locator('button.phone-tool', { hasText: /Hosts|主机/ })
  if (await button.isVisible()) await button.click()
  await until(page, '.fleet-cell')
}

async function openHostList(page: Page): Promise<void> {
  await openHosts(page)
  await page
    .getByRole('button', { name: /^(?:List|列表)$/ })
    .last()
    .click()
  await page
    .getByRole('button', { name: /failed|失败/ })
    .last()
    .click()
}

async function openPalette(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await until(page, '.palette-field input')
  await page.locator('.palette-field input').fill(typed)
}

/** Up to the question before it. */
async function startSaved(page: Page): Promise<void> {
  const fields = page.locator('.saved-form input.input')
  await fields.nth(1).fill('v2.14')
  await fields.nth(3).fill('correct horse')
  await page.locator('.saved-form .primary').click()
  await until(page, '.saved-question')
}

function pressStop(page: Page): Promise<void> {
  return page.keyboard.press('s')
}

const looks = [
  { name: 'dark', width: 1440, height: 900, theme: 'dark', locale: 'en' },
  { name: 'light', width: 1440, height: 900, theme: 'light', locale: 'en' },
  { name: 'phone-dark', width: 390, height: 844, theme: 'dark', locale: 'en' },
  { name: 'phone-light', width: 390, height: 844, theme: 'light', locale: 'en' },
  { name: 'zh-light', width: 1440, height: 900, theme: 'light', locale: 'zh-CN' },
  { name: 'phone-zh-dark', width: 390, height: 844, theme: 'dark', locale: 'zh-CN' },
] as const
type Look = (typeof looks)[number]

const [folder = 'screenshots', ...names] = process.argv.slice(2)
// Pictures of an older build would be believed.
ensureBuilt()
await mkdir(folder, { recursive: true })
await using chrome = await startChromium()
for (const shot of shots) {
  for (const look of looks) {
    const name = `${shot.name}.${look.name}`
    if (names.length === 0 || names.some((wanted) => name.startsWith(wanted))) {
      await take(chrome.browser, shot, look)
    }
  }
}

async function take(browser: Browser, shot: Shot, look: Look): Promise<void> {
  await using fake = await startFakeServer()
  fake.groups = fakeGroups
  fake.saved = fakeSaved
  for (const each of fakeRuns()) fake.runs.set(each.id, each)
  shot.prepare?.(fake)
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    deviceScaleFactor: look.width < 600 ? 2 : 1,
    reducedMotion: 'reduce',
    colorScheme: look.theme,
    locale: look.locale,
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(shot.name, look.name, error.message))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !text.startsWith('Failed to load'))
      console.error(shot.name, text)
  })
  await page.clock.install({ time: fakeNow })
  await page.goto(fake.url + shot.path)
  await page.locator('h1').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await until(page, shot.wanted ?? 'h1')
  await page.clock.runFor(200)
  await shot.act?.(page, fake)
  // What is counted and drawn a moment after the lines comes in answers of the server, in between.
  for (let step = 0; step < 4; step++) {
    await page.clock.runFor(300)
    await sleep(60)
  }
  await page.screenshot({ path: path.join(folder, `${shot.name}.${look.name}.png`) })
  await context.close()
}

/** The page's clock stands still between these steps, so that every picture shows the same second. */
async function until(page: Page, wanted: string): Promise<void> {
  for (let round = 0; round < 200; round++) {
    await page.clock.runFor(60)
    if ((await page.locator(wanted).count()) > 0) return
  }
  throw new Error(`${page.url()} never showed ${wanted}.`)
}

async function pause(page: Page, fake: FakeServer): Promise<void> {
  await until(page, '.status-item.tone-ok')
  await page.locator('.log-scroller').hover()
  await page.mouse.wheel(0, -160)
  await until(page, '.log-pill')
  const lines = Array.from({ length: 2_418 }, (_, at) => ({
    ...fakeLine(fakeEnd - 1 - (at % 9)),
    channel: at % 400 === 0 ? ('err' as const) : ('out' as const),
  }))
  fake.send(id('live'), {
    kind: 'lines',
    pos: fakeEnd,
    next: fakeEnd + lines.length,
    groups: lines.map(groupOf),
  })
  await until(page, '.log-pill > span')
  await page.clock.runFor(400)
}

/** Each host at its own pace, so that each has its own curve. */
async function writeForAMinute(page: Page, fake: FakeServer): Promise<void> {
  await until(page, '.status-item.tone-ok')
  let pos = fakeEnd
  for (let round = 0; round < 30; round++) {
    const lines = Array.from({ length: 60 }, (_, at) =>
      fakeLine(fakeEnd - 1 - ((at * 7 + round * 5) % 33)),
    )
    const kept = lines.filter(({ task }, at) => (at + round * task) % (2 + (task % 3)) === 0)
    const next = pos + kept.length
    fake.send(id('live'), { kind: 'lines', pos, next, groups: kept.map(groupOf) })
    pos = next
    await page.clock.runFor(2_000)
  }
}

async function goWithoutLines(page: Page, fake: FakeServer): Promise<void> {
  fake.refusesLines = true
  await page.keyboard.press('Home')
  await until(page, '.row.placeholder')
}

async function loseServer(page: Page, fake: FakeServer): Promise<void> {
  await until(page, '.status-item.tone-ok')
  fake.isUp = false
  fake.cutStreams()
  await until(page, '.connection-bar')
}
