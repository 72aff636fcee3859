/** Every state of the page, both themes, both languages, wide and narrow: no fault that axe knows. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chromium, startChromium } from '../support/chromium.ts'
import {
  fakeAwayRun,
  fakeEnd,
  fakeFleetRun,
  fakeLine,
  fakePaused,
  fakeRun,
  fakeStoppingRun,
  fakeTask,
  groupOf,
  hostKeyQuestion,
  passwordQuestion,
} from '../support/fake-data.ts'
import { fakeGroupedRun, fakeGroups } from '../support/fake-groups.ts'
import { fakeSaved } from '../support/fake-saved.ts'
import { type FakeServer, startFakeServer } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

const id = (name: string): string => `r${name.padEnd(25, '0')}`
const short = { lines: 0, first: 0, next: 0 } as const

let chromium: Chromium
let fake: FakeServer

beforeAll(async () => {
  chromium = await startChromium()
  fake = await startFakeServer()
  fake.groups = fakeGroups
  fake.saved = fakeSaved
  const asking = { state: 'needs-input', startedAt: null } as const
  for (const run of [
    fakeRun(id('live')),
    fakeRun(id('gaps'), { gaps: 2, first: 12_000 }),
    fakeAwayRun(id('away')),
    fakeGroupedRun(),
    fakeFleetRun(id('fleet'), 60),
    fakeStoppingRun(id('stopping')),
    fakeRun(id('full'), { paused: fakePaused }),
    fakeRun(id('failed'), {
      ...short,
      state: 'ended',
      outcome: 'failed',
      endedAt: new Date().toISOString(),
      tasks: [
        fakeTask('web-01', { state: 'failed', message: 'Refused.', code: 'connection-refused' }),
      ],
    }),
    fakeRun(id('key'), {
      ...short,
      tasks: [fakeTask('web-01', { ...asking, question: hostKeyQuestion })],
    }),
    fakeRun(id('password'), {
      ...short,
      tasks: [fakeTask('web-01', { ...asking, question: passwordQuestion })],
    }),
  ]) {
    fake.runs.set(run.id, run)
  }
})

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]()
  await fake?.[Symbol.asyncDispose]()
})

interface State {
  readonly name: string
  readonly path: string
  readonly wanted: string
  readonly act?: (page: Page) => Promise<void>
}

const run = `/runs/${id('live')}`
const states: readonly State[] = [
  { name: 'new run', path: '/', wanted: 'h1' },
  {
    name: 'what can stand in a target',
    path: '/',
    wanted: 'h1',
    act: async (page) => {
      await page.locator('#target').fill('@we')
      await page.locator('[role=option]').first().waitFor()
      await page.keyboard.press('ArrowDown')
      await page.locator('.combo-note b, .combo-note.tone-warn').first().waitFor()
    },
  },
  {
    name: 'the question before a run on many hosts',
    path: '/',
    wanted: 'h1',
    act: async (page) => {
      await page.locator('#target').fill('@*')
      await page.locator('#command').fill('uptime')
      await page.keyboard.press('Enter')
      await page.locator('.confirm-hosts').waitFor()
    },
  },
  {
    name: 'adding a host',
    path: '/hosts',
    wanted: 'td',
    act: async (page) => {
      await page.locator('.hosts-head .button').click()
      await page.locator('.host-form').waitFor()
    },
  },
  {
    name: 'options of a run, one of which cannot be read',
    path: '/',
    wanted: 'h1',
    act: async (page) => {
      await page.locator('.command-mode').click()
      await page.locator('.options-field input').nth(0).fill('10')
      await page.locator('.options-field input').nth(3).fill('soon')
      await page.locator('.options-fault').waitFor()
    },
  },
  { name: 'running', path: run, wanted: '[data-pos]' },
  {
    name: 'a selected line',
    path: run,
    wanted: '[data-pos]',
    act: (page) => page.locator('[data-pos] .row-text').last().click(),
  },
  {
    name: 'a very long line',
    path: run,
    wanted: '[data-pos]',
    act: async (page) => {
      await page.locator('.status-item.tone-ok').first().waitFor()
      const long = { ...fakeLine(fakeEnd), channel: 'out', text: 'x '.repeat(20_000) } as const
      const groups = [groupOf(long)]
      fake.send(id('live'), { kind: 'lines', pos: fakeEnd, next: fakeEnd + 1, groups })
      await page.locator('.row-more').last().click()
      await page.locator('.whole-line-row').first().waitFor()
    },
  },
  {
    name: 'a search and filters',
    path: `${run}?q=connection&regex=true&not-host=web-02&off-channel=err&text=n%3Ahealthz`,
    wanted: '.filter-chip',
    act: (page) => page.locator('.search-box').waitFor(),
  },
  {
    name: 'choosing filters',
    path: `${run}?level=error`,
    wanted: '.filter-chip',
    act: async (page) => {
      await page.evaluate(() => document.querySelector<HTMLElement>('.filter-add')?.click())
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'paused',
    path: run,
    wanted: '[data-pos]',
    act: async (page) => {
      await page.locator('.log-scroller').hover()
      await page.mouse.wheel(0, -400)
      await page.locator('.log-pill').waitFor()
    },
  },
  {
    name: 'a run with gaps, whose first lines were removed',
    path: `/runs/${id('gaps')}`,
    wanted: '.status-item.tone-warn',
    act: (page) => page.getByText(/^2 (?:gaps|处缺口)$/).waitFor(),
  },
  {
    name: 'hosts that are away',
    path: `/runs/${id('away')}`,
    wanted: '.connection-bar',
    act: async (page) => {
      expect(await page.locator('.connection-bar').count()).toBe(2)
    },
  },
  {
    name: 'giving up on a host that is away',
    path: `/runs/${id('stopping')}`,
    wanted: '.connection-bar',
    act: async (page) => {
      await page.keyboard.press('s')
      await page
        .getByRole('dialog', { name: /^(?:Give up on 2 hosts\?|放弃 2 台主机？)$/ })
        .waitFor()
    },
  },
  { name: 'a full disk of Farglass', path: `/runs/${id('full')}`, wanted: '.connection-bar' },
  {
    name: 'ways to run again',
    path: `/runs/${id('failed')}`,
    wanted: '.run-again-how',
    act: (page) => page.locator('.run-again-how').click(),
  },
  { name: 'failed connection', path: `/runs/${id('failed')}`, wanted: '.failure' },
  { name: 'host key', path: `/runs/${id('key')}`, wanted: 'dialog' },
  { name: 'password', path: `/runs/${id('password')}`, wanted: 'dialog' },
  { name: 'run list', path: '/runs', wanted: 'td' },
  {
    name: 'the menu of a run',
    path: '/runs?show=failed',
    wanted: 'td',
    act: (page) => page.locator('.run-more button').first().click(),
  },
  {
    name: 'deleting a run',
    path: '/runs?show=failed',
    wanted: 'td',
    act: async (page) => {
      await page.locator('.run-more button').first().click()
      await page.locator('.menu-item.danger').click()
      await page.locator('dialog').waitFor()
    },
  },
  { name: 'a run list without runs', path: '/runs?q=nothing', wanted: '.run-list-empty' },
  { name: 'a search in all runs', path: '/search?q=connection', wanted: '[data-phase=done]' },
  ...['appearance', 'keyboard', 'language', 'retention', 'about'].map((part) => ({
    name: `settings, ${part}`,
    path: `/settings/${part}`,
    wanted: '.settings-part',
  })),
  { name: 'hosts', path: '/hosts', wanted: 'td' },
  ...['db-01', 'db-02'].map((host) => ({
    name: `the check of host ${host}`,
    path: `/hosts/${host}`,
    wanted: '.host-settings',
    act: async (page: Page) => {
      await page.locator('.host-box button').click()
      await page.locator('.host-steps').waitFor()
    },
  })),
  { name: 'saved commands', path: '/saved', wanted: '.saved-card' },
  {
    name: 'a saved command with a fault, then with its question',
    path: '/saved?run=restart-app',
    wanted: '.saved-form',
    act: async (page) => {
      const fields = page.locator('.saved-form input.input')
      await page.locator('.saved-form .primary').click()
      await page.locator('.saved-fault').first().waitFor()
      await fields.nth(1).fill('v2')
      await fields.nth(3).fill('correct horse')
      await page.locator('.saved-form .primary').click()
      await page.locator('.saved-question').waitFor()
    },
  },
  { name: 'a saved command in its editor', path: '/saved?edit=restart-app', wanted: '.editor-add' },
  {
    name: 'the import of saved commands',
    path: '/saved',
    wanted: '.saved-card',
    act: async (page) => {
      await page.locator('.saved-head button').click()
      await page.locator('.saved-yaml').waitFor()
    },
  },
  { name: 'not here', path: `/runs/${id('none')}`, wanted: '.not-here' },
  {
    name: 'many hosts as a grid',
    path: `/runs/${id('fleet')}`,
    wanted: '[data-pos]',
    act: openHosts,
  },
  {
    name: 'failed hosts of many as a list',
    path: `/runs/${id('fleet')}`,
    wanted: '[data-pos]',
    act: async (page) => {
      await openHosts(page)
      await page
        .getByRole('button', { name: /^(?:List|列表)$/ })
        .last()
        .click()
      await page
        .getByRole('button', { name: /^\d+ (?:failed|失败)$/ })
        .last()
        .click()
    },
  },
  { name: 'panes by host', path: `${run}?view=hosts`, wanted: '.host-pane [data-pos]' },
  {
    name: 'grouped output with differences',
    path: `/runs/${id('grouped')}?view=grouped`,
    wanted: '.pane-line',
    act: async (page) => {
      await page.locator('.pane-head h2 button').first().click()
      await page.locator('.pane-head h2 button').nth(1).click()
      await page.locator('.diff-added mark').first().waitFor()
    },
  },
  { name: 'the palette', path: run, wanted: '[data-pos]', act: (page) => openPalette(page, '') },
  {
    name: 'what fits in the palette',
    path: '/',
    wanted: 'h1',
    act: (page) => openPalette(page, 'run'),
  },
  {
    name: 'a palette in which nothing fits',
    path: '/',
    wanted: 'h1',
    act: async (page) => {
      await openPalette(page, 'nothing at all')
      await page.locator('.palette-none').waitFor()
    },
  },
  {
    name: 'keys',
    path: run,
    wanted: '[data-pos]',
    act: async (page) => {
      await page.keyboard.press('?')
      await page.locator('dialog').waitFor()
    },
  },
]

/** The panel of hosts, which a phone has in a drawer. */
async function openHosts(page: Page): Promise<void> {
  const button = page.locator('button.phone-tool', { hasText: /Hosts|主机/ })
  if (await button.isVisible()) await button.click()
  await page.locator('.fleet-cell').last().waitFor()
}

async function openPalette(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.locator('.palette-field input').fill(typed)
}

const looks = [
  { theme: 'dark', width: 1440, height: 900, locale: 'en-US' },
  { theme: 'light', width: 1440, height: 900, locale: 'zh-CN' },
  { theme: 'dark', width: 390, height: 844, locale: 'zh-CN' },
  { theme: 'light', width: 390, height: 844, locale: 'en-US' },
] as const

describe.each(looks)('$theme, $width px, $locale', (look) => {
  test.each(states)('$name has no fault', async ({ path, wanted, act }) => {
    const faults = await inspect(look, path, async (page) => {
      await page.locator(wanted).first().waitFor()
      await act?.(page)
    })
    expect(faults).toEqual([])
  })

  test('signing in has no fault', async () => {
    fake.signedIn = false
    try {
      const faults = await inspect(look, '/#t=usedusedusedused', async (page) => {
        await page.locator('.notice').waitFor()
      })
      expect(faults).toEqual([])
    } finally {
      fake.signedIn = true
    }
  })

  test('a lost connection has no fault', async () => {
    try {
      const faults = await inspect(look, run, async (page) => {
        await until('the stream is open', () => fake.openStreams > 0)
        fake.isUp = false
        fake.cutStreams()
        await page.locator('.connection-bar').waitFor()
      })
      expect(faults).toEqual([])
    } finally {
      fake.isUp = true
    }
  })
})

async function inspect(
  look: (typeof looks)[number],
  path: string,
  prepare: (page: Page) => Promise<void>,
): Promise<string[]> {
  const { theme, width, height, locale } = look
  const context = await chromium.browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale,
    reducedMotion: 'reduce',
    // axe is a script of the test's, which the page's own policy would refuse.
    bypassCSP: true,
  })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    await page.goto(fake.url + path)
    await prepare(page)
    await page.addScriptTag({ content: axe.source })
    const { faults, passed } = await page.evaluate(async () => {
      const inPage = Reflect.get(window, 'axe') as typeof axe
      const { violations, passes } = await inPage.run()
      const found = violations.flatMap(({ id: rule, nodes }) =>
        nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${rule}: ${html.slice(0, 160)} ${failureSummary}`),
      )
      return { faults: found, passed: passes.length }
    })
    // A page that axe could not look at would have no fault either.
    expect(passed).toBeGreaterThan(10)
    return faults
  } finally {
    await context.close()
  }
}
