/** What is done with the log of a page to measure it. Each function's inner part runs in the page. */
import type { Page } from 'playwright-core'

/** Lets the scrollbar jump to random lines; milliseconds until each place is on screen with its lines. */
export function jump(page: Page, times: number): Promise<readonly number[]> {
  return page.evaluate(async (count) => {
    const log = document.querySelector('.log-scroller')
    if (log === null) throw new Error('There is no log.')
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    const isThere = (): boolean => {
      const edge = log.getBoundingClientRect()
      const rows = [...log.querySelectorAll('.log-layer .row')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return bottom > edge.top && top < edge.bottom
      })
      return rows.length > 10 && rows.every((row) => !row.classList.contains('placeholder'))
    }
    const all: number[] = []
    for (let turn = 0; turn < count; turn++) {
      const startMs = performance.now()
      // The golden ratio spreads the places evenly, the same ones in every round.
      log.scrollTop = ((turn * 0.618_033_988_7) % 1) * (log.scrollHeight - log.clientHeight)
      do await frame()
      while (!isThere() && performance.now() - startMs < 5_000)
      all.push(performance.now() - startMs)
    }
    return all
  }, times)
}

export interface Wheel {
  /** Pixels by which the log has moved. */
  readonly movedPx: number
  /** Milliseconds of each frame meanwhile. */
  readonly frames: readonly number[]
  /** Frames in which a row in sight was still without its line. */
  readonly waiting: number
}

/** Turns the wheel many times, from where the log stands. */
export async function wheel(page: Page, notches: number, px: number): Promise<Wheel> {
  await page.locator('.log-scroller').hover()
  const before = await placePx(page)
  const watch = watchFrames(page)
  for (let turn = 0; turn < notches; turn++) {
    await page.mouse.wheel(0, px)
    await page.waitForTimeout(16)
  }
  // Until nothing moves any more: a browser may still smooth the last notch.
  for (let last = Number.NaN, now = before; last !== now; ) {
    await page.waitForTimeout(250)
    last = now
    now = await placePx(page)
  }
  const { frames, waiting } = await watch.stop()
  return { movedPx: (await placePx(page)) - before, frames, waiting }
}

export interface FrameWatch {
  stop(): Promise<{ readonly frames: readonly number[]; readonly waiting: number }>
}

/** Notes the length of each frame until it is stopped. */
export function watchFrames(page: Page): FrameWatch {
  const started = page.evaluate(() => {
    const state = { frames: [] as number[], waiting: 0, isOn: true }
    Reflect.set(window, 'frameWatch', state)
    let last = performance.now()
    const next = (): void => {
      const now = performance.now()
      state.frames.push(now - last)
      last = now
      if (document.querySelector('.log-layer .row.placeholder') !== null) state.waiting++
      if (state.isOn) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  return {
    stop: async () => {
      await started
      return page.evaluate(() => {
        const state = Reflect.get(window, 'frameWatch') as {
          frames: number[]
          waiting: number
          isOn: boolean
        }
        state.isOn = false
        return { frames: state.frames, waiting: state.waiting }
      })
    },
  }
}

/** Where the upper edge of the view stands in the log, in pixels of rows of 20. */
function placePx(page: Page): Promise<number> {
  return page.evaluate(() => {
    const edge = document.querySelector('.log-scroller')?.getBoundingClientRect().top ?? 0
    for (const row of document.querySelectorAll<HTMLElement>('.log-layer .row')) {
      const { top, bottom } = row.getBoundingClientRect()
      if (bottom > edge + 0.5) return Number(row.dataset['pos']) * 20 + Math.round(edge - top)
    }
    return Number.NaN
  })
}
