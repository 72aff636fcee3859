/** Marks the hits of a search in the rows in sight, by the Custom Highlight API where there is one: no row is changed for it. */
import { effect, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { patternOfTerm } from '../../../shared/text-term.ts'
import { rangeOf } from '../viewer/row-columns.ts'
import type { Finder } from './finder.ts'
import { createHitFinder } from './hit-finder.ts'
import type { HitPlace } from './hit-places.ts'

const canMark = typeof CSS !== 'undefined' && 'highlights' in CSS
const names = ['log-hit', 'log-hit-on'] as const

/** A row in sight, and where in it hits are. */
export interface PaintedRow {
  readonly body: HTMLElement
  readonly places: readonly HitPlace[]
  /** The reader has come to this hit. */
  readonly isCurrent: boolean
}

export interface HitPainter {
  paint(rows: readonly PaintedRow[]): void
  clear(): void
}

/** False while the pattern of the search takes too long to be marked. */
export function useHitMarks(finder: Finder): boolean {
  const isHopeless = useSignal(false)
  useEffect(() => {
    const painter = canMark ? highlights : later()
    const clear = (): void => painter.clear()
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
          } else if (mine === round) painter.paint(withPlaces(rows, places, current))
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

function withPlaces(
  rows: readonly SeenRow[],
  places: readonly (readonly HitPlace[])[],
  current: number | null,
): readonly PaintedRow[] {
  return rows.map(({ body, pos }, at) => {
    return { body, places: places[at] ?? [], isCurrent: pos === current }
  })
}

const highlights: HitPainter = {
  paint(rows) {
    for (const [at, name] of names.entries()) {
      const own = rows.filter(({ isCurrent }) => isCurrent === (at === 1))
      const ranges = own.flatMap(({ body, places }) =>
        places.map(({ from, to }) => rangeOf(body, from, to)),
      )
      CSS.highlights.set(name, new Highlight(...ranges))
    }
  },
  clear() {
    for (const name of names) CSS.highlights.delete(name)
  },
}

/** What marks without the API is loaded for browsers that need it. */
function later(): HitPainter {
  let painter: HitPainter | null = null
  let wanted: readonly PaintedRow[] = []
  const load = async (): Promise<void> => {
    painter = (await import('./mark-painter.ts')).createMarkPainter()
    painter.paint(wanted)
  }
  load().catch(() => {
    // Without it hits are counted and walked, and not marked.
  })
  return {
    paint(rows) {
      wanted = rows
      painter?.paint(rows)
    },
    clear() {
      wanted = []
      painter?.clear()
    },
  }
}
