/** The lines of one host beside those of others: scrolled and followed by themselves. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { AppModel } from '../../app/app-model.ts'
import { type KeptMatches, keepMatches } from '../find/kept-matches.ts'
import { lineQuery } from '../runs/line-query.ts'
import { type Partials, partialsOf } from '../runs/partials.ts'
import type { RunModel, SeenLines } from '../runs/run-model.ts'
import { rulesOf } from '../runs/view-state.ts'
import type { LinesModel } from '../viewer/line-list.tsx'
import type { LineSequence } from '../viewer/line-sequence.ts'
import type { LogView } from '../viewer/log-view.ts'

export class HostPaneModel implements LinesModel {
  readonly task: number
  readonly id: LinesModel['id']
  readonly run: LinesModel['run']
  readonly selected: LinesModel['selected']
  readonly anchor: LinesModel['anchor']
  readonly text: LinesModel['text']
  readonly target: LinesModel['target']
  readonly figures: LinesModel['figures']
  readonly drawn: LinesModel['drawn']
  readonly marks: LinesModel['marks']
  readonly isOneHost = true
  readonly follow: Signal<boolean>
  readonly seen: Signal<SeenLines> = signal({ first: null, last: null })
  readonly lines: ReadonlySignal<LineSequence>
  readonly partials: ReadonlySignal<Partials>
  /** Nothing that the filters leave has come from this host, as far as is known. */
  readonly isEmpty: ReadonlySignal<boolean>
  /** Its part of the page, while it is there. */
  view: LogView | null = null
  readonly #matches: KeptMatches
  readonly #stop: () => void

  constructor({ session, view }: AppModel, model: RunModel, task: number) {
    this.task = task
    const { id, run, selected, anchor, text, target, figures, drawn, marks } = model
    this.id = id
    this.run = run
    this.selected = selected
    this.anchor = anchor
    this.text = text
    this.target = target
    this.figures = figures
    this.drawn = drawn
    this.marks = marks
    this.follow = signal(model.follow.peek())
    const rules = computed(() => rulesOf(view.state.value).filter(({ kind }) => kind !== 'hosts'))
    this.#matches = keepMatches({
      api: session.api,
      model,
      wanted: () => {
        const { fields, isWanted, slow } = lineQuery(rules.value, [])
        const isOwn: typeof isWanted = (line) => (line.task === task ? isWanted(line) : false)
        return {
          key: JSON.stringify(rules.value),
          query: { fields: { ...fields, task: String(task) }, isWanted: isOwn, slow },
        }
      },
    })
    const { matches } = this.#matches
    this.lines = computed(() => matches.value ?? model.whole)
    this.partials = computed(() => {
      const own = [...model.partials.value].filter(([, partial]) => partial.task === task)
      return partialsOf(new Map(own), this.lines.value)
    })
    this.isEmpty = computed(() => {
      const known = matches.value
      void known?.version.value
      return known !== null && known.count === 0 && !known.progress.value.isSearching
    })
    // Follow, and what brings a line into sight, is for all panes; scrolling for one.
    this.#stop = effect(() => {
      this.follow.value = model.follow.value
    })
  }

  jumpToLatest(): void {
    this.follow.value = true
  }

  close(): void {
    this.#stop()
    this.#matches.close()
  }
}
