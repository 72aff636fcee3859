/** Draws on a canvas after the page has changed, at most so often: a run that is followed changes all the time. */
import { useEffect, useRef } from 'preact/hooks'

const drawMs = 100

/** `draw` is that of the last rendering, also when it is called later. */
export function useDrawing(draw: () => void): void {
  const latest = useRef(draw)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const last = useRef(-Infinity)
  latest.current = draw
  useEffect(() => {
    const wait = drawMs - (performance.now() - last.current)
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined
        last.current = performance.now()
        latest.current()
      },
      Math.max(0, wait),
    )
  })
  useEffect(() => () => clearTimeout(timer.current), [])
}
