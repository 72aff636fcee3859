/** Which rows of a long list are in sight of what scrolls it. */
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { type Rows, rowsInSight } from './rows-in-sight.ts'

export interface RowsOf {
  readonly count: number
  readonly rowPx: number
}

export function useWindow(list: RefObject<HTMLElement | null>, { count, rowPx }: RowsOf): Rows {
  const sight = useSignal({ top: 0, height: 600 })
  useEffect(() => {
    const element = list.current
    const scroller = element?.closest<HTMLElement>('[role=tabpanel], [data-scrolls]')
    if (element === null || scroller === null || scroller === undefined) return
    const look = (): void => {
      const frame = scroller.getBoundingClientRect()
      const top = Math.round(frame.top - element.getBoundingClientRect().top)
      const before = sight.peek()
      if (before.top !== top || before.height !== frame.height) {
        sight.value = { top, height: frame.height }
      }
    }
    look()
    const observer = new ResizeObserver(look)
    observer.observe(scroller)
    scroller.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      scroller.removeEventListener('scroll', look)
    }
  }, [list, sight])
  return rowsInSight({ ...sight.value, count, rowPx })
}
