import { expect, test } from 'vitest'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { createRowHeights } from './row-heights.ts'

const line = (text: string, extra: Partial<WireLine> = {}): WireLine => ({
  pos: 0,
  task: 0,
  channel: 'out',
  time: '',
  text,
  ...extra,
})

test('without wrapping every line is one row, a note a little more, whatever stands in them', () => {
  const heights = createRowHeights()
  heights.use({ linePx: 20, columns: null, isNarrow: false })
  expect(heights.heightOf(0, line('x'.repeat(5_000)))).toBe(20)
  expect(heights.heightOf(0, undefined)).toBe(20)
  expect(heights.heightOf(0, line('exited 0', { channel: 'note' }))).toBe(30)
  expect(heights.isOpen(0, line('查询'), true)).toBe(false)
  expect(heights.isOpen(0, line('exited 0', { channel: 'note' }), false)).toBe(true)
})

test('wrapped lines are counted in cells; what is not one cell a character is measured once', () => {
  const heights = createRowHeights()
  heights.use({ linePx: 20, columns: 10, isNarrow: false })
  expect(heights.heightOf(0, line('x'.repeat(21)))).toBe(60)
  expect(heights.isOpen(0, line('x'.repeat(21)), false)).toBe(false)
  const wide = line('查询查询查询')
  expect(heights.isOpen(1, wide, false)).toBe(true)
  expect(heights.measured(1, wide, 40)).toBe(true)
  expect(heights.measured(1, wide, 40)).toBe(false)
  expect(heights.isOpen(1, wide, false)).toBe(false)
  expect(heights.heightOf(1, wide)).toBe(40)
})

test('another width or font forgets what was measured', () => {
  const heights = createRowHeights()
  heights.use({ linePx: 20, columns: 10, isNarrow: true })
  expect(heights.isOpen(1, line('x'), false)).toBe(true)
  heights.measured(1, line('x'), 36)
  heights.use({ linePx: 18, columns: 12, isNarrow: true })
  expect(heights.heightOf(1, line('x'))).toBe(18)
})

test('knows the mean height of what was drawn, for the scale of the scrollbar', () => {
  const heights = createRowHeights()
  heights.use({ linePx: 20, columns: 10, isNarrow: false })
  expect(heights.meanPx).toBe(20)
  for (const px of [20, 40, 60, 40]) heights.count(px)
  expect(heights.meanPx).toBe(40)
})
