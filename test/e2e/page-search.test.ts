/** Search and filters on the built page, over real history: real routes, real threads that match, real Chromium. */
import { appendFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newRunId } from '../../src/adapters/system/ids.ts'
import { newTask } from '../../src/core/runs/task-state.ts'
import { createMemoryStore } from '../../src/core/store/memory-store.ts'
import type { LineGroup } from '../../src/shared/line-group.ts'
import { openBrowserPage } from '../support/browser-page.ts'
import { type Chromium, startChromium } from '../support/chromium.ts'
import { startHttpServer, type TestServer } from '../support/http-server.ts'
import { poll } from '../support/poll.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { sampleRun } from '../support/sample-run.ts'
import { until } from '../support/until.ts'

const id = newRunId()
const hopelessId = newRunId()
const start = Date.parse('2026-11-20T09:00:00Z')
const total = 200_000
let server: TestServer
let chromium: Chromium

beforeAll(async () => {
  const store = createMemoryStore()
  const tasks = ['web-1', 'web-2', 'db-1'].map((host, at) => ({
    ...newTask(at, host),
    state: 'ended' as const,
    exitCode: 0,
  }))
  const times = {
    createdAt: new Date(start).toISOString(),
    endedAt: new Date(start + 100_000).toISOString(),
  }
  const counts = { next: total, lines: total }
  await store.catalog.create(
    sampleRun({ ...times, ...counts, id, tasks, state: 'ended', outcome: 'succeeded' }),
    'test',
  )
  for (let pos = 0; pos < total; pos += 100) {
    await store.log.append({ run: id, epoch: 1, pos, groups: [groupAt(pos)], tasks: [] })
  }
  await store.catalog.create(
    sampleRun({
      ...times,
      id: hopelessId,
      next: 1,
      lines: 1,
      state: 'ended',
      outcome: 'succeeded',
    }),
    'test',
  )
  const bytes = new TextEncoder().encode(`${'a'.repeat(200)}b\n`)
  const hopeless = { ...groupAt(100), task: 0, count: 1, bytes }
  await store.log.append({ run: hopelessId, epoch: 1, pos: 0, groups: [hopeless], tasks: [] })
  server = await startHttpServer({ store, webRoot: resolve(import.meta.dirname, '../../dist/web') })
  chromium = await startChromium()
})

afterAll(async () => {
  await chromium?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
})

/** Line n says "line n"; hosts take turns by 100, and each 1,000th line is of stderr. */
function groupAt(pos: number): LineGroup {
  const isErr = pos % 1_000 === 0
  const texts = Array.from(
    { length: 100 },
    (_, at) => `${isErr ? '[error] ' : ''}line ${pos + at}\n`,
  )
  const bytes = new TextEncoder().encode(texts.join(''))
  const task = (pos / 100) % 3
  const time = start + (pos * 100_000) / total
  return { task, channel: isErr ? 'err' : 'out', time, count: 100, bytes, end: 'newline' }
}

/** Positions of the rows in sight, from the upper edge on. */
function shown(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const edge = document.querySelector('.log-scroller')?.getBoundingClientRect()
    const rows = [...document.querySelectorAll<HTMLElement>('.log-layer .row')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      return bottom > (edge?.top ?? 0) + 1 && top < (edge?.bottom ?? 0) - 1
    })
    return rows.map((row) => Number(row.dataset['pos'] ?? -1))
  })
}

const row = (page: Page, pos: number) => page.locator(`.log-layer [data-pos="${pos}"]`)
const searchField = (page: Page) => page.getByRole('textbox', { name: 'Search in this run' })
const chip = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^Filter: ${name}( [\\d,]+)?$`) })

/** Texts that are marked as hits, and those of the hit at which the reader is. */
function marks(page: Page): Promise<{ readonly hits: string[]; readonly current: string[] }> {
  return page.evaluate(() => {
    const texts = (name: string): string[] =>
      [...(CSS.highlights.get(name) ?? [])].map((range) =>
        range instanceof Range ? range.toString() : '',
      )
    return { hits: texts('log-hit'), current: texts('log-hit-on') }
  })
}

/** Run in the page: no frame is given between the two events, as on a machine that has no time. */
function holdFrames(): void {
  const ask = requestAnimationFrame
  let held: (() => void)[] | null = null
  window.requestAnimationFrame = (callback) => {
    if (held === null) return ask(callback)
    held.push(() => callback(performance.now()))
    return 0
  }
  addEventListener('hold-frames', () => {
    held ??= []
  })
  addEventListener('give-frames', () => {
    // What a frame asks for comes with the next one, here at once.
    while (held !== null && held.length > 0) held.shift()?.()
    held = null
  })
}

async function open(path: string) {
  const tab = await openBrowserPage(chromium.browser, server.base + path)
  await searchField(tab.page).waitFor()
  return tab
}

test('a search counts and marks and hides nothing; Enter and n walk over all of history, and Esc goes back to where it began', async () => {
  await using tab = await open(`/runs/${id}`)
  const { page } = tab
  await row(page, total - 1).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('LINE 12345')
  await page.getByText('No match in 200,000 lines').waitFor()
  await searchField(page).fill('line 12345')
  // 12345 and 123450 to 123459.
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  expect(await shown(page)).toContain(total - 1)
  await page.keyboard.press('Shift+Enter')
  await row(page, 123_459).waitFor()
  await page.getByText('11 of 11', { exact: true }).waitFor()
  await until('the hit is marked', async () => (await marks(page)).current[0] === 'line 12345')
  await poll(async () => (await marks(page)).hits).toHaveLength(9)
  await poll(() => shown(page)).toContain(123_470)
  await page.keyboard.press('Enter')
  await page.getByText('went on from the first line').waitFor()
  await row(page, 12_345).waitFor()
  await page.getByText('1 of 11', { exact: true }).waitFor()
  await searchField(page).blur()
  await page.keyboard.press('n')
  await page.getByText('2 of 11', { exact: true }).waitFor()
  await page.keyboard.press('N')
  await page.getByText('1 of 11', { exact: true }).waitFor()
  // The address holds it all: reload, and the same is there.
  await poll(() => new URL(page.url()).search).toBe('?q=line+12345')
  await page.reload()
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await searchField(page).fill('[^1] 12345$')
  await page.getByRole('search').getByText('1', { exact: true }).waitFor()
  await page.keyboard.press('Enter')
  await until('it is marked', async () => (await marks(page)).current[0] === 'e 12345')
  await page.keyboard.press('Escape')
  await row(page, total - 1).waitFor()
  await poll(() => new URL(page.url()).search).toBe('')
  await until('no mark stays', async () => (await marks(page)).hits.length === 0)
  expect(tab.complaints).toEqual([])
})

test('where the browser cannot paint ranges hits are marked all the same, and the lines stay as they are', async () => {
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  await page.addInitScript(() => Reflect.deleteProperty(CSS, 'highlights'))
  await page.goto(`${server.base}/runs/${id}?q=line+12345`)
  await row(page, total - 1).waitFor()
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  await page.keyboard.press('N')
  const marked = (name: string) => page.locator(`.row-text mark.${name}`).allTextContents()
  await until('the hit is marked', async () => (await marked('log-hit-on')).join() === 'line 12345')
  expect(await marked('log-hit')).toEqual(Array.from({ length: 9 }, () => 'line 12345'))
  await page.keyboard.press('N')
  await page.getByText('10 of 11', { exact: true }).waitFor()
  await until(
    'the one before it is',
    async () => (await marked('log-hit-on')).join() === 'line 12345',
  )
  expect(await row(page, 123_459).locator('.row-text').textContent()).toBe('line 123459')
  // Rows that are used again, and another search.
  await page.keyboard.press('End')
  await row(page, total - 1).waitFor()
  await searchField(page).fill('ne 1999')
  await until('all in sight are marked', async () => (await marked('log-hit')).length > 20)
  const last = row(page, total - 1).locator('.row-text')
  expect(await last.locator('mark').textContent()).toBe('ne 1999')
  await page.keyboard.press('Escape')
  await until('no mark stays', async () => (await page.locator('.row-text mark').count()) === 0)
  expect(await last.evaluate((body) => [body.textContent, body.childNodes.length])).toEqual([
    'line 199999',
    1,
  ])
  expect(tab.complaints).toEqual([])
})

test('the last of two jumps wins, however busy the page is', async () => {
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  await page.addInitScript(holdFrames)
  await page.goto(`${server.base}/runs/${id}?q=line+12345`)
  await row(page, total - 1).waitFor()
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  await page.evaluate(() => dispatchEvent(new Event('hold-frames')))
  await page.keyboard.press('N')
  await page.getByText('11 of 11', { exact: true }).waitFor()
  await page.keyboard.press('End')
  await page.evaluate(() => dispatchEvent(new Event('give-frames')))
  expect(await shown(page)).toContain(total - 1)
  expect(tab.complaints).toEqual([])
})

test('filters show only their lines with their own numbers, are counted, switched and removed, and Back brings them again', async () => {
  await using tab = await open(`/runs/${id}`)
  const { page } = tab
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('button', { name: 'stderr', exact: true }).click()
  await page.getByRole('button', { name: 'Close' }).click()
  await row(page, 199_099).waitFor()
  await chip(page, 'stderr').getByText('20,000').waitFor()
  await poll(async () => (await shown(page)).every((pos) => pos % 1_000 < 100)).toBe(true)
  await page.keyboard.press('Home')
  await row(page, 0).waitFor()
  // One after the other, across the gap.
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('PageDown')
  await row(page, 1_000).waitFor()
  await until('rows follow each other', async () => {
    const rows = await shown(page)
    return rows.every((pos, at) => at === 0 || pos === nextErr(rows[at - 1] ?? -1))
  })
  // What is copied is what is shown: the first line after the gap and those before it.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await row(page, 1_000).click()
  for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Control+c')
  await page.getByText('3 lines copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    '[error] line 98\n[error] line 99\n[error] line 1000',
  )
  await page.keyboard.press('Escape')
  await page.keyboard.press('3')
  await chip(page, 'db-1').waitFor()
  // Hosts take turns: that of 2,000 is the third one.
  await until('only lines of db-1', async () => {
    const rows = await shown(page)
    return rows.length > 5 && rows.every((p) => p % 3_000 >= 2_000)
  })
  await poll(() => new URL(page.url()).search).toBe('?host=db-1&channel=err')
  // A link to a line is to that line of the run.
  const pos = (await shown(page))[5] ?? -1
  await row(page, pos).click()
  await page.getByRole('button', { name: 'Show in context' }).first().click()
  await until('the lines around it', async () => {
    const rows = await shown(page)
    return rows.includes(pos) && rows.includes(pos + 1) && rows.includes(pos - 1)
  })
  await chip(page, 'db-1').and(page.locator('[aria-pressed=false]')).waitFor()
  await page.goBack()
  await until('filtered again', async () => (await shown(page)).every((p) => p % 3_000 >= 2_000))
  await page.getByRole('button', { name: 'Remove the filter: db-1' }).click()
  await page.getByRole('button', { name: 'Remove the filter: stderr' }).click()
  await until('all lines', async () => {
    const [first = 0, second = 0] = await shown(page)
    return second === first + 1
  })
  expect(tab.complaints).toEqual([])
})

const nextErr = (pos: number): number => (pos % 1_000 === 99 ? pos + 901 : pos + 1)

test('filters that hide everything say so, selected text is filtered out, and a pattern without end is stopped with a sentence', async () => {
  await using tab = await open(`/runs/${id}?text=${encodeURIComponent(':nowhere')}&level=error`)
  const { page } = tab
  await page.getByText('2 filters hide all 200,000 lines').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await row(page, total - 1).waitFor()
  await row(page, total - 5)
    .locator('.row-text')
    .dblclick({ position: { x: 60, y: 8 } })
  await page.keyboard.press('x')
  await chip(page, 'not “199995”').waitFor()
  await until('it is hidden', async () => !(await shown(page)).includes(199_995))
  await page.goto(`${server.base}/runs/${hopelessId}?q=${encodeURIComponent('^(a+)+$')}&regex=true`)
  await page.getByText('this pattern takes too long on a line there').waitFor({ timeout: 30_000 })
  await page.getByText('takes too long for marking').waitFor()
  // The page still answers.
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await page.goto(`${server.base}/runs/${id}?q=%28&regex=true`)
  await page.getByText('"(" is not a regular expression').waitFor()
  expect(tab.complaints.filter((complaint) => !complaint.includes('400'))).toEqual([])
})

test('a filter and a search of a live run grow with it, by text here and by pattern on the server', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fg-search-'))
  const file = join(folder, 'log')
  await writeFile(file, 'good 1\nbad 2\n')
  const run = await server.run(`tail -n +1 -f '${file}' | sed '/^end$/q'`)
  try {
    await using tab = await open(
      `/runs/${run.id}?text=${encodeURIComponent(':bad')}&q=ba.&regex=true`,
    )
    const { page } = tab
    await page.getByText('bad 2', { exact: true }).waitFor()
    await page.getByRole('search').getByText('1', { exact: true }).waitFor()
    const lines = Array.from({ length: 300 }, (_, at) => `${at % 3 === 0 ? 'bad' : 'good'} ${at}\n`)
    // Who has paused is told what the filter leaves of it, not all that came.
    await page.keyboard.press('f')
    await appendFile(file, lines.join(''))
    await page.getByText('100 new lines').waitFor()
    await page.getByRole('button', { name: 'Jump to latest' }).click()
    await page.getByText('bad 297', { exact: true }).waitFor()
    await page.getByRole('search').getByText('101', { exact: true }).waitFor()
    expect(await page.locator('.log-layer').getByText('good').count()).toBe(0)
    await chip(page, '“bad”').getByText('101').waitFor()
    await appendFile(file, 'end\n')
    await page.getByText('Succeeded').first().waitFor()
    await page.getByRole('button', { name: 'Remove the filter' }).click()
    await page.getByText('good 298', { exact: true }).waitFor()
    await page.getByRole('search').getByText('101', { exact: true }).waitFor()
    expect(tab.complaints).toEqual([])
  } finally {
    await removeFolder(folder)
  }
})

test('the histogram and the ruler lead to any time and place, a drag filters by time, and keys go from stderr to stderr', async () => {
  await using tab = await open(`/runs/${id}`)
  const { page } = tab
  const bars = page.getByRole('slider', { name: 'Lines by time' })
  await page.getByText('Lines per 1 s').waitFor()
  const box = await bars.boundingBox()
  if (box === null) throw new Error('The histogram has no place.')
  const at = (share: number) => [box.x + share * box.width, box.y + 20] as const
  // The run took 100 s of 2,000 lines each, and the last one is that of its end.
  await page.mouse.click(...at(0.5))
  await page.getByText(/^09:00:(49|50): 2,000 lines, 200 on stderr$/).waitFor()
  await row(page, 100_000).waitFor()
  await poll(async () => (await shown(page))[0]).toBe(100_000)
  await page.mouse.move(...at(0.2))
  await page.mouse.down()
  await page.mouse.move(...at(0.3), { steps: 5 })
  await page.mouse.up()
  await page.getByRole('button', { name: /^Filter: 09:00:(19|20) – 09:00:(29|30)/ }).waitFor()
  await until('only lines of that time', async () =>
    (await shown(page)).every((pos) => pos >= 39_000 && pos <= 61_000),
  )
  await page.mouse.dblclick(...at(0.5))
  await until('no filter stays', () => new URL(page.url()).search === '')
  // From where the mouse is.
  await bars.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await poll(() => bars.getAttribute('aria-valuetext')).toContain('09:00:48')
  await page.keyboard.press('Enter')
  await until('at that time', async () => (await shown(page))[0] === 96_000)
  // The same bars by what the lines say: of 2,000 in a second 200 begin with "[error]".
  await poll(() => bars.getAttribute('aria-valuetext')).toBe('09:00:48: 2,000 lines, 200 on stderr')
  await page.getByRole('button', { name: 'By level' }).click()
  await until(
    'levels are counted',
    async () =>
      (await bars.getAttribute('aria-valuetext')) ===
      '09:00:48: 2,000 lines, 200 error, 1,800 no level',
  )
  const ruler = await page.locator('.ruler').boundingBox()
  if (ruler === null) throw new Error('The ruler has no place.')
  await page.mouse.click(ruler.x + 5, ruler.y + ruler.height / 4)
  await until('a quarter down', async () => Math.abs(((await shown(page))[0] ?? 0) - 50_000) < 500)
  await page.keyboard.press('e')
  await until('at a line of stderr', async () => {
    const selected = await page.locator('.row.selected').getAttribute('data-pos')
    return Number(selected) % 1_000 < 100
  })
  await page.keyboard.press(']')
  await page.getByText('No later note.').waitFor()
  expect(tab.complaints).toEqual([])
})

test('on a phone a tap on a host leaves only its lines, and search and filter are reached', async () => {
  await using tab = await open(`/runs/${id}`)
  const { page } = tab
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('button', { name: /^web-2/ }).click()
  await until('only its lines', async () =>
    (await shown(page)).every((pos) => Math.floor(pos / 100) % 3 === 1),
  )
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  // No digit of it is a key of its own: only that host.
  await page.keyboard.type('199 1')
  await page.getByText('No match in 66,700 lines').waitFor()
  await searchField(page).fill('line 1991')
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  expect(tab.complaints).toEqual([])
})

test('what is typed for a search field that is still on the way goes into it, and is no key', async () => {
  await using tab = await openBrowserPage(chromium.browser, 'about:blank')
  const { page } = tab
  const asked = new Promise<Route>((resolve) => {
    void page.route(/assets\/find-bar.*\.js$/, resolve)
  })
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${server.base}/runs/${id}`)
  const part = await asked
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.keyboard.type('line 12x')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('345')
  await part.continue()
  await page.getByRole('search').getByText('11', { exact: true }).waitFor()
  await page.locator('#search-run:focus').waitFor()
  await poll(() => searchField(page).inputValue()).toBe('line 12345')
  await poll(() => new URL(page.url()).search).toBe('?q=line+12345')
  expect(tab.complaints).toEqual([])
})
