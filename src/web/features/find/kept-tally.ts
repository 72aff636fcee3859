/** Keeps lines counted by time or position in step with the run: the server's counts, then each line that comes. */
import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { HistogramRequest, HttpApi } from '../../../client/http-api.ts'
import { visibleText } from '../../../shared/display.ts'
import type { Level } from '../../../shared/level.ts'
import { levelOf } from '../../../shared/line-level.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { RunModel } from '../runs/run-model.ts'
import { joined, type LineTally, type TalliedLine, tallyOf, withLines } from './line-tally.ts'

export interface KeptTallyOptions {
  readonly api: Pick<HttpApi, 'histogram'>
  readonly model: RunModel
  readonly by: 'time' | 'pos'
  /** Intervals and, by time, the ends of the axis. */
  readonly axis: Pick<HistogramRequest, 'buckets' | 'since' | 'until'>
  readonly barsMax: number
  /** Levels are counted, too: every text is read for that. */
  readonly withLevels?: boolean
}

export interface KeptTally {
  readonly tally: ReadonlySignal<LineTally | null>
  close(): void
}

/** Nobody sees more changes of a bar than this. */
const growMs = 200
/** Where lines are missing here, or after a failure, the server counts all anew. */
const countAnewMs = 5_000

export function keepTally(options: KeptTallyOptions): KeptTally {
  const { model, by, barsMax, withLevels = false } = options
  const tally = signal<LineTally | null>(null)
  const closed = new AbortController()
  let isUnderWay = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function countAnew(): void {
    if (isUnderWay) return
    isUnderWay = true
    countLines(options, closed.signal)
      .then((counted) => {
        tally.value = counted
      })
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false
        later(countAnewMs)
      })
  }

  /** The lines that came since, as far as they are here; false when the server must be asked. */
  function takeHeld(known: LineTally): boolean {
    const { window } = model
    const found: TalliedLine[] = []
    const valueOf = by === 'pos' ? ({ pos }: WireLine) => pos : createTimeOf()
    let { next } = known
    for (; next < window.end; next++) {
      const line = window.at(next)
      if (line === undefined) break
      const { pos, channel } = line
      found.push({ pos, channel, value: valueOf(line), level: withLevels ? textLevel(line) : null })
    }
    tally.value = withLines(known, found, barsMax)
    return next >= window.end
  }

  function grow(): void {
    const known = tally.peek()
    if (closed.signal.aborted || isUnderWay) return
    if (known === null || !takeHeld(known)) countAnew()
  }

  function later(ms: number): void {
    if (closed.signal.aborted) return
    timer ??= setTimeout(() => {
      timer = undefined
      const known = tally.peek()
      if (known === null || known.next < model.window.end) grow()
    }, ms)
  }

  countAnew()
  const stop = effect(() => {
    void model.version.value
    untracked(() => {
      if (!isUnderWay) later(growMs)
    })
  })
  return {
    tally,
    close: () => {
      stop()
      closed.abort()
      clearTimeout(timer)
    },
  }
}

/** The server counts for some seconds, then says how far it came: by time it can go on from there. */
async function countLines(options: KeptTallyOptions, signal: AbortSignal): Promise<LineTally> {
  const { api, model, by, axis, withLevels = false } = options
  const ask = { ...axis, by, ...(withLevels ? { levels: true } : {}) }
  let answer = await api.histogram(model.id, ask, signal)
  let sum = tallyOf(answer)
  while (answer.stopped !== null && by === 'time' && answer.count > 0) {
    answer = await api.histogram(model.id, { ...ask, from: String(sum.next) }, signal)
    sum = joined(sum, tallyOf(answer))
  }
  return sum
}

function textLevel({ text }: WireLine): Level | null {
  return levelOf(visibleText(text))?.level ?? null
}

/** Lines that came together have the same time: it is read once. */
function createTimeOf(): (line: WireLine) => number {
  let time = ''
  let ms = 0
  return (line) => {
    if (line.time !== time) {
      time = line.time
      ms = Date.parse(time)
    }
    return ms
  }
}
