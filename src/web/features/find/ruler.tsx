/** Beside the log, all of the run at once: matches, stderr, notes, the linked lines, and what is in sight. For the mouse; keys have their own ways. */
import { useSignal, useSignalEffect } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { logCommands } from '../viewer/log-commands.ts'
import type { Finder } from './finder.ts'
import type { LineTally } from './line-tally.ts'
import { useDrawing } from './use-drawing.ts'
import { useTally } from './use-tally.ts'
import './ruler.css'

/** More marks than this do not fit on a screen. */
const marksAsked = 400
const marksMax = 640
const markPx = 2
const thumbPx = 12

export function Ruler({ finder }: { readonly finder: Finder }): VNode {
  const { app, model } = finder
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSignal(0)
  const axis = (): { buckets: number } => ({
    buckets: Math.max(1, Math.min(marksAsked, model.tail.peek() - model.window.first)),
  })
  const lines = useTally(finder, { by: 'pos', barsMax: marksMax, axis })
  useEffect(() => {
    if (canvas.current === null) return undefined
    const resize = new ResizeObserver(([entry]) => {
      size.value = entry?.contentRect.height ?? 0
    })
    resize.observe(canvas.current)
    return () => resize.disconnect()
  }, [size])
  // The colours are the theme's.
  useSignalEffect(() => {
    void app.preferences.theme.value
    size.value = -size.peek()
  })
  void size.value
  const first = model.window.first
  const range = { from: first, to: Math.max(first + 1, model.tail.value) }
  const { seen, selected } = model
  const sight = { from: seen.value.first, to: seen.value.last }
  const linked = selected.value
  const hits = finder.hits.value
  void hits?.version.value
  const picture = { lines: lines.value, range, sight, linked }
  useDrawing(() => {
    const marks = hits?.marks().map(({ pos }) => pos) ?? []
    if (canvas.current !== null) drawRuler(canvas.current, { ...picture, marks })
  })
  const goTo = (event: PointerEvent): void => {
    if (event.buttons === 0 || !(event.currentTarget instanceof HTMLElement)) return
    const { top, height } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientY - top) / Math.max(1, height)))
    const inSight = (sight.to ?? 0) - (sight.from ?? 0)
    const pos = range.from + share * (range.to - range.from) - inSight / 2
    logCommands.goTo(Math.max(range.from, Math.min(range.to - 1, Math.round(pos))))
  }
  return (
    <div
      class="ruler"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event)
      }}
      onPointerMove={goTo}
    >
      <canvas ref={canvas} />
    </div>
  )
}

interface RulerPicture {
  readonly lines: LineTally | null
  /** Positions of matches. */
  readonly marks: readonly number[]
  readonly range: { readonly from: number; readonly to: number }
  readonly sight: { readonly from: number | null; readonly to: number | null }
  readonly linked: number | null
}

function drawRuler(canvas: HTMLCanvasElement, picture: RulerPicture): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { clientWidth: width, clientHeight: height } = canvas
  canvas.width = Math.round(width * devicePixelRatio)
  canvas.height = Math.round(height * devicePixelRatio)
  context.scale(devicePixelRatio, devicePixelRatio)
  const style = getComputedStyle(canvas)
  const { lines, marks, range, sight, linked } = picture
  const y = (pos: number): number =>
    ((pos - range.from) / (range.to - range.from)) * (height - markPx)
  const mark = (pos: number, name: string, [left, right]: readonly [number, number]): void => {
    context.fillStyle = style.getPropertyValue(name)
    context.fillRect(left * width, y(pos), (right - left) * width, markPx)
  }
  for (const { pos, note, err } of lines?.bars ?? []) {
    if (pos === null) continue
    if (note > 0) mark(pos, '--fg-3', [0, 0.35])
    if (err > 0) mark(pos, '--err', [0.3, 0.75])
  }
  for (const pos of marks) mark(pos, '--mark-tick', [0.3, 1])
  if (linked !== null) mark(linked, '--accent', [0, 1])
  if (sight.from !== null && sight.to !== null) {
    const thumb = Math.max(thumbPx, y(sight.to) - y(sight.from))
    context.fillStyle = style.getPropertyValue('--thumb')
    context.fillRect(0, Math.min(y(sight.from), height - thumb), width, thumb)
  }
}
