/** What the bars of a histogram are made of: lines by their channel, or by the level that they say. Pure. */
import { type Level, levels } from '../../../shared/level.ts'
import { barLines, type TallyBar } from './line-tally.ts'

export type BarSplit = 'channel' | 'level'

export interface BarPart {
  readonly name: 'out' | 'err' | Level | 'none'
  /** Of the theme. */
  readonly color: string
  readonly count: number
}

const levelColors: Readonly<Record<Level, string>> = {
  error: '--err',
  warn: '--warn',
  info: '--bar-info',
  debug: '--bar-debug',
}

/** From the top of a bar to its foot: the gravest first, what is common last. */
export function barParts(bar: TallyBar, split: BarSplit): readonly BarPart[] {
  if (split === 'channel') {
    return [
      { name: 'err', color: '--err', count: bar.err },
      { name: 'out', color: '--bar', count: bar.out },
    ]
  }
  const stated = levels.map((name) => {
    return { name, color: levelColors[name], count: bar.levels[name] ?? 0 }
  })
  const sum = stated.reduce((total, { count }) => total + count, 0)
  // Notes can say a level, too, and are no lines of a host.
  return [...stated, { name: 'none', color: '--bar-none', count: Math.max(0, barLines(bar) - sum) }]
}
