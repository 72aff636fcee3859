/** Marks the hits of a search in the rows in sight, by the Custom Highlight API: no row is changed for it. */
import { effect, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { patternOfTerm } from '../../../shared/text-term.ts'
import { rangeOf } from '../viewer/row-columns.ts'
import type { Finder } from './finder.ts'
import { createHitFinder, type HitFinder } from './hit-finder.ts'

const canMark = typeof CSS !== 'undefined' && 'highlights' in CSS
const names = ['log-hit', 'log-hit-on'] as const

/** False while the pattern of the search takes too long to be marked. */
export function useHitMarks(finder: Finder): boolean {
  const isHopeless = useSignal(false)
  useEffect(() => {
    if (!canMark) return undefined
    const hits = createHitFinder()
    let round = 0
    let hopeless = ''
    const stop = effect(() => {
      const term = finder.search.value
      void finder.model.drawn.value
      const current = finder.current.value
      const pattern = term === null || term.isInverse ? null : patternOfTerm(term)
      const key = JSON.stringify(pattern)
      const mine = ++round
      if (key !== hopeless) isHopeless.value = false
      if (pattern === null || key === hopeless) {
        clear()
        return
      }
      const rows = rowsInSight()
      hits
        .find(
          pattern,
          rows.map(({ drawn }) => drawn),
        )
        .then((places) => {
          if (places === null) {
            hopeless = key
            isHopeless.value = true
            clear()
          } else if (mine === round) mark(rows, places, current)
        })
        // A pattern that is none: the server says why.
        .catch(clear)
    })
    return () => {
      stop()
      hits.close()
      clear()
    }
  }, [finder, isHopeless])
  return !isHopeless.value
}

interface SeenRow {
  readonly pos: number
  readonly body: HTMLElement
  readonly drawn: string
}

/** Text of lines only: what stands behind it in a row is the page's. */
function rowsInSight(): readonly SeenRow[] {
  const found: SeenRow[] = []
  for (const row of document.querySelectorAll<HTMLElement>('.log-layer .row[data-pos]')) {
    const body = row.querySelector<HTMLElement>('.row-text')
    if (body === null) continue
    let drawn = ''
    for (const node of body.childNodes) {
      if (node instanceof Element && node.matches('.row-more, .row-mark')) break
      drawn += node.textContent ?? ''
    }
    found.push({ pos: Number(row.dataset['pos']), body, drawn })
  }
  return found
}

function mark(
  rows: readonly SeenRow[],
  places: Awaited<ReturnType<HitFinder['find']>>,
  current: number | null,
): void {
  const ranges: Range[] = []
  const currentRanges: Range[] = []
  for (const [at, { pos, body }] of rows.entries()) {
    for (const { from, to } of places?.[at] ?? []) {
      const range = rangeOf(body, from, to)
      if (pos === current) currentRanges.push(range)
      else ranges.push(range)
    }
  }
  CSS.highlights.set(names[0], new Highlight(...ranges))
  CSS.highlights.set(names[1], new Highlight(...currentRanges))
}

function clear(): void {
  for (const name of names) CSS.highlights.delete(name)
}
