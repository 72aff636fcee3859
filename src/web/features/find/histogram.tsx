/** Lines by time: what happened when, and the way there. Click goes there, drag filters, double click takes it back. */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { keptSwitch } from '../../app/preferences.ts'
import { findText } from '../../i18n/find-text.ts'
import { clockTime, dayName, isSameDay } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { withFilter, withoutFilter } from '../runs/view-state.ts'
import { logCommands } from '../viewer/log-commands.ts'
import { type BarSplit, barParts } from './bar-parts.ts'
import type { Finder } from './finder.ts'
import { type Band, drawHistogram } from './histogram-drawing.ts'
import { barAt, barLines, type LineTally, noLines, posFrom } from './line-tally.ts'
import { ticksOf, widthFor } from './time-axis.ts'
import { useDrawing } from './use-drawing.ts'
import { useTally } from './use-tally.ts'
import './histogram.css'

/** Bars that are asked for, and how many there may be before two become one. */
const barsAsked = 160
const barsMax = 240
/** Less than this is a click. */
const dragPx = 4
const tickPx = 90

/** Bars show lines by level, not by channel; remembered. */
const isByLevel = keptSwitch('bars-by-level', 'off')

export function Histogram({ finder }: { readonly finder: Finder }): VNode {
  const t = findText.value
  const split: BarSplit = isByLevel.value ? 'level' : 'channel'
  const withLevels = isByLevel.value
  /** A time on the axis that pointer or keyboard are at just now. */
  const pointed = useSignal<number | null>(null)
  const lines = useTally(finder, { by: 'time', barsMax, axis: () => axisOf(finder), withLevels })
  return (
    <section class="histogram" aria-label={t.histogram}>
      <div class="histogram-head">
        <span>{lines.value === null ? '' : headText(lines.value, split, pointed.value)}</span>
        {pointed.value === null && <Day finder={finder} />}
        <Legend split={split} />
      </div>
      {lines.value === null ? (
        <div class="histogram-bars" />
      ) : (
        <Bars finder={finder} lines={lines.value} split={split} pointed={pointed} />
      )}
    </section>
  )
}

/** Times of lines are of the clock alone: of which day the first one in sight is, unless all is of today. */
function Day({ finder: { app, model } }: { readonly finder: Finder }): VNode | null {
  const { preferences, now } = app
  const isUtc = preferences.time.value === 'utc'
  const start = model.run.value?.createdAt
  const today = new Date(now.value).toISOString()
  if (start === undefined || isSameDay(start, today, isUtc)) return null
  const { first } = model.seen.value
  const time = first === null ? start : model.lineAt(first)?.time
  if (time === undefined) return null
  return <span class="histogram-day">{dayName(time, preferences.locale.value, isUtc)}</span>
}

interface BarsProps {
  readonly finder: Finder
  readonly lines: LineTally
  readonly split: BarSplit
  readonly pointed: Signal<number | null>
}

/** How long an interval is, or what is in the one that is pointed at. */
function headText(lines: LineTally, split: BarSplit, pointed: number | null): string {
  if (pointed === null) return findText.value.linesPer(lines.width)
  return barWords(lines, split, barAt(lines, pointed))
}

function barWords(lines: LineTally, split: BarSplit, bar: number): string {
  const shown = lines.bars[bar] ?? noLines
  const time = new Date(lines.from + bar * lines.width)
  const clock = clockTime(time.toISOString()).slice(0, 8)
  const end = lines.from + lines.bars.length * lines.width - 1
  const isOneDay = new Date(lines.from).toDateString() === new Date(end).toDateString()
  return findText.value.barText(
    isOneDay ? clock : `${shortDate(time)} ${clock}`,
    barLines(shown),
    barParts(shown, split).filter(({ name, count }) => count > 0 && name !== 'out'),
  )
}

function Legend({ split }: { readonly split: BarSplit }): VNode {
  const t = findText.value
  return (
    <div class="histogram-legend">
      <span class="histogram-parts" aria-hidden="true">
        {barParts(noLines, split)
          .toReversed()
          .map(({ name }) => (
            <span key={name} class={`histogram-part ${name}`}>
              {t.partNames[name]}
            </span>
          ))}
      </span>
      <button
        type="button"
        class="button small quiet histogram-split"
        aria-pressed={isByLevel.value}
        onClick={() => {
          isByLevel.value = !isByLevel.value
        }}
      >
        {t.byLevel}
      </button>
    </div>
  )
}

function Bars({ finder, lines, split, pointed }: BarsProps): VNode {
  const t = findText.value
  const helpId = useId()
  const canvas = useRef<HTMLCanvasElement>(null)
  const box = useRef<HTMLDivElement>(null)
  /** The interval that keys go on from, and one being chosen: times on the axis. */
  const cursor = useSignal<number | null>(null)
  const chosen = useSignal<{ readonly from: number; readonly to: number } | null>(null)
  const size = useSignal(0)
  const to = lines.from + Math.max(lines.bars.length, 1) * lines.width
  // What is drawn later is drawn for these too.
  void finder.hits.value?.version.value
  const bands = [...bandsOf(finder, chosen.value)]
  useDrawing(() => {
    const times = finder.hits.value?.marks().map(({ time }) => Date.parse(time)) ?? []
    if (canvas.current !== null) drawHistogram(canvas.current, { lines, split, times, bands, to })
  })
  // The colours are the theme's.
  useSignalEffect(() => {
    void finder.app.preferences.theme.value
    size.value = -size.peek()
  })
  useWidth(box, size)
  const bar = barAt(lines, cursor.value ?? to - 1)
  const parts = { finder, lines, to, cursor, chosen }
  const leave = (): void => {
    pointed.value = null
  }
  return (
    <>
      <div
        ref={box}
        class="histogram-bars"
        role="slider"
        tabIndex={0}
        aria-label={t.histogram}
        aria-describedby={helpId}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, lines.bars.length - 1)}
        aria-valuenow={bar}
        aria-valuetext={barWords(lines, split, bar)}
        onKeyDown={(event) => {
          onKey(event, parts, bar)
          pointed.value = cursor.value
        }}
        onPointerDown={(event) => onPointer(event, parts)}
        onPointerMove={(event) => {
          if (event.buttons !== 0) return
          cursor.value = valueAt(event, event.currentTarget, parts)
          pointed.value = cursor.value
        }}
        onPointerLeave={leave}
        onBlur={leave}
        onDblClick={() => clearTime(finder)}
      >
        <canvas ref={canvas} aria-hidden="true" />
      </div>
      <p id={helpId} class="hidden-visually">
        {t.histogramHelp}
      </p>
      <TimeTicks from={lines.from} to={to} widthPx={Math.abs(size.value)} />
    </>
  )
}

function useWidth(box: RefObject<HTMLElement | null>, size: Signal<number>): void {
  useEffect(() => {
    if (box.current === null) return undefined
    const resize = new ResizeObserver(([entry]) => {
      size.value = entry?.contentRect.width ?? 0
    })
    resize.observe(box.current)
    return () => resize.disconnect()
  }, [box, size])
}

interface TimeTicksProps {
  readonly from: number
  readonly to: number
  readonly widthPx: number
}

function TimeTicks({ from, to, widthPx }: TimeTicksProps): VNode {
  const offsetMs = -new Date(from).getTimezoneOffset() * 60_000
  const all = ticksOf({ from, to }, Math.floor(widthPx / tickPx), offsetMs)
  const step = (all[1]?.ms ?? 0) - (all[0]?.ms ?? 0)
  const chars = step > 0 && step < 60_000 ? 8 : 5
  // Half of one, or of a date: nearer to an edge it would be cut.
  const edgePx = Math.max(chars * 3.5, 24)
  const ticks = all.filter(({ share }) => Math.min(share, 1 - share) * widthPx >= edgePx)
  return (
    <p class="histogram-times" aria-hidden="true">
      {ticks.map(({ ms, share }) => (
        <span key={ms} style={{ left: `${share * 100}%` }}>
          {tickText(new Date(ms), chars)}
        </span>
      ))}
    </p>
  )
}

/** A day begins with its date. */
function tickText(time: Date, chars: number): string {
  const clock = clockTime(time.toISOString())
  return clock === '00:00:00.000' ? shortDate(time) : clock.slice(0, chars)
}

function shortDate(time: Date): string {
  const options = { month: 'short', day: 'numeric' } as const
  return new Intl.DateTimeFormat(text.value.code, options).format(time)
}

type Parts = Pick<BarsProps, 'finder' | 'lines'> & {
  readonly to: number
  readonly cursor: { value: number | null }
  readonly chosen: { value: { readonly from: number; readonly to: number } | null }
}

/** What is in sight, a time filter, and what is being chosen. */
function* bandsOf(
  { model, rules }: Finder,
  chosen: { readonly from: number; readonly to: number } | null,
): Iterable<Band> {
  const rule = rules.value.find(({ kind }) => kind === 'time')
  if (chosen !== null) yield { ...chosen, kind: 'chosen' }
  else if (rule?.kind === 'time') {
    const end = Date.parse(rule.until ?? '') || Date.now()
    yield { from: Date.parse(rule.since ?? '') || 0, to: end, kind: 'chosen' }
  }
  const { first, last } = model.seen.value
  const [from, to] = [first, last].map((pos) =>
    pos === null ? Number.NaN : Date.parse(model.lineAt(pos)?.time ?? ''),
  )
  if (from !== undefined && to !== undefined && from <= to) yield { from, to, kind: 'seen' }
}

function onKey(event: KeyboardEvent, parts: Parts, bar: number): void {
  const { finder, lines, cursor, chosen } = parts
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0
  const start = lines.from + bar * lines.width
  if (step !== 0) {
    const next = barAt(lines, start + step * lines.width)
    const value = lines.from + next * lines.width
    if (event.shiftKey) {
      const anchor = chosen.value?.from ?? start
      chosen.value = { from: Math.min(anchor, value), to: Math.max(anchor, value) + lines.width }
    } else chosen.value = null
    cursor.value = value
  } else if (event.key === 'Enter') {
    if (chosen.value === null) goTo(parts, bar)
    else filterTime(finder, chosen.value)
    chosen.value = null
  } else if (event.key === 'Escape' && chosen.value !== null) chosen.value = null
  else return
  event.preventDefault()
  event.stopPropagation()
}

/** A click goes there, a drag chooses. */
function onPointer(event: PointerEvent, parts: Parts): void {
  const box = event.currentTarget
  if (!(box instanceof HTMLElement) || event.button !== 0) return
  const startX = event.clientX
  const start = valueAt(event, box, parts)
  box.setPointerCapture(event.pointerId)
  const onMove = (moved: PointerEvent): void => {
    if (Math.abs(moved.clientX - startX) < dragPx) return
    const value = valueAt(moved, box, parts)
    parts.chosen.value = { from: Math.min(start, value), to: Math.max(start, value) }
  }
  const onUp = (): void => {
    box.removeEventListener('pointermove', onMove)
    box.removeEventListener('pointerup', onUp)
    box.removeEventListener('pointercancel', onUp)
    const range = parts.chosen.value
    parts.chosen.value = null
    if (range === null) goTo(parts, barAt(parts.lines, start))
    else filterTime(parts.finder, range)
  }
  box.addEventListener('pointermove', onMove)
  box.addEventListener('pointerup', onUp)
  box.addEventListener('pointercancel', onUp)
}

function valueAt({ clientX }: PointerEvent, box: HTMLElement, { lines, to }: Parts): number {
  const { left, width } = box.getBoundingClientRect()
  const share = Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)))
  return lines.from + share * (to - lines.from)
}

function goTo({ lines }: Parts, bar: number): void {
  const pos = posFrom(lines, bar)
  if (pos !== null) logCommands.goTo(pos)
}

function filterTime({ app }: Finder, range: { readonly from: number; readonly to: number }): void {
  const [since, until] = [range.from, range.to].map((ms) => new Date(ms).toISOString())
  if (since === undefined || until === undefined) return
  app.view.change((state) => withFilter(state, { kind: 'time', since, until }))
}

function clearTime({ app }: Finder): void {
  const rule = app.view.state.peek().filters.find(({ kind }) => kind === 'time')
  if (rule !== undefined) app.view.change((state) => withoutFilter(state, rule))
}

/** From the start of the run on, in intervals that people can read. */
function axisOf({ model }: Finder) {
  const run = model.run.peek()
  const start = Date.parse(run?.createdAt ?? '') || Date.now()
  const end = Date.parse(run?.endedAt ?? '') || Date.now()
  const width = widthFor(Math.max(1, end - start + 1), barsAsked)
  const buckets = Math.max(1, Math.ceil((end - start + 1) / width))
  const until = new Date(start + buckets * width).toISOString()
  return { buckets, since: new Date(start).toISOString(), until }
}
