/** Filter and search of the run in view: what the address asks for, and what was found. */
import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals'
import type { TextTerm } from '../../../shared/text-term.ts'
import type { AppModel } from '../../app/app-model.ts'
import { findText } from '../../i18n/find-text.ts'
import { lineQuery } from '../runs/line-query.ts'
import type { RunModel } from '../runs/run-model.ts'
import { type FilterRule, printView, rulesOf } from '../runs/view-state.ts'
import { logCommands } from '../viewer/log-commands.ts'
import type { MatchedLines } from '../viewer/matched-lines.ts'
import { nextHit } from './hit-walk.ts'
import { type KeptMatches, keepMatches } from './kept-matches.ts'

export class Finder {
  readonly app: AppModel
  readonly model: RunModel
  /** Filters that hold now. */
  readonly rules: ReadonlySignal<readonly FilterRule[]>
  readonly search: ReadonlySignal<TextTerm | null>
  /** Lines that the filters leave; null without a filter. */
  readonly filtered: ReadonlySignal<MatchedLines | null>
  /** Lines that the search finds among those; null without a search. */
  readonly hits: ReadonlySignal<MatchedLines | null>
  /** Position of the hit to which the reader has gone. */
  readonly current: Signal<number | null> = signal(null)
  /** Hits are being gone to. */
  readonly isWalking: Signal<boolean> = signal(false)
  readonly #filter: KeptMatches
  readonly #search: KeptMatches
  readonly #stops: readonly (() => void)[]
  #walk = new AbortController()
  /** Where the reader was before the search: Esc goes back there. */
  #origin: { readonly pos: number | null; readonly isFollowing: boolean } | null = null

  constructor(app: AppModel, model: RunModel) {
    this.app = app
    this.model = model
    const { api } = app.session
    const tasks = computed(
      () => model.run.value?.tasks.map(({ id, host }) => ({ id, host })) ?? null,
    )
    // Texts, so that what has not changed is no other query.
    const rulesKey = computed(() => printView({ ...app.view.state.value, search: null }))
    const tasksKey = computed(() => JSON.stringify(tasks.value))
    const searchKey = computed(() => JSON.stringify(app.view.state.value.search))
    this.rules = computed(() => {
      void rulesKey.value
      return rulesOf(untracked(() => app.view.state.value))
    })
    this.search = computed(() => {
      void searchKey.value
      return untracked(() => app.view.state.value.search)
    })
    const wanted = (search: TextTerm | null) => {
      void tasksKey.value
      const known = untracked(() => tasks.value)
      const rules = this.rules.value
      if (known === null || (rules.length === 0 && search === null)) return null
      const key = JSON.stringify([rules, search])
      return { key, query: lineQuery(rules, known, search) }
    }
    this.#filter = keepMatches({
      api,
      model,
      wanted: () => wanted(null),
      onChange: (matches) => {
        model.lines.value = matches ?? model.whole
      },
    })
    this.#search = keepMatches({
      api,
      model,
      wanted: () => (this.search.value === null ? null : wanted(this.search.value)),
    })
    this.filtered = this.#filter.matches
    this.hits = this.#search.matches
    this.#stops = [effect(() => this.#watchSearch())]
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#walk.abort()
    this.#filter.close()
    this.#search.close()
    this.model.lines.value = this.model.whole
  }

  /** Looks for this from now on; null for nothing, then the reader comes back to where the search began. */
  lookFor(term: TextTerm | null): void {
    const { view } = this.app
    const isNew = view.state.peek().search === null
    view.change(
      (state) => ({ ...state, search: term }),
      isNew || term === null ? 'step' : 'no-step',
    )
  }

  /** Brings the next or the previous hit into sight; from the last one on to the first, and says so. */
  async walk(step: 1 | -1): Promise<void> {
    const hits = this.hits.peek()
    if (hits === null) return
    this.#walk.abort()
    this.#walk = new AbortController()
    const { signal: stop } = this.#walk
    this.isWalking.value = true
    try {
      const found = await nextHit(hits, { pos: this.#from(step), step }, stop)
      if (found !== null) this.#goTo(found)
      else await this.#walkAround(hits, step, stop)
    } catch {
      // Another walk, or another search, has taken its place.
    } finally {
      if (!stop.aborted) this.isWalking.value = false
    }
  }

  /** Leaves all filters and shows a line among those around it. */
  showInContext(pos: number): void {
    batch(() => {
      this.app.view.change((state) => ({
        ...state,
        filters: state.filters.map((filter) => ({ ...filter, isOn: false })),
      }))
      this.model.select({ line: pos, until: null })
    })
  }

  async #walkAround(hits: MatchedLines, step: 1 | -1, stop: AbortSignal): Promise<void> {
    if (hits.count === 0 || hits.progress.peek().isSearching) return
    const from = step > 0 ? this.model.window.first - 1 : this.model.window.end
    const found = await nextHit(hits, { pos: from, step }, stop)
    if (found === null) return
    this.app.say(step > 0 ? findText.value.wentOnFromStart : findText.value.wentOnFromEnd)
    this.#goTo(found)
  }

  /** From the hit at which the reader is, or from what is in sight. */
  #from(step: 1 | -1): number {
    const { seen, window } = this.model
    const current = this.current.peek()
    if (current !== null) return current
    const { first, last } = seen.peek()
    return step > 0 ? (first ?? window.first) - 1 : (last ?? window.end - 1) + 1
  }

  #goTo(pos: number): void {
    batch(() => {
      this.current.value = pos
      this.model.show(pos)
    })
  }

  #watchSearch(): void {
    const isSearching = this.search.value !== null
    untracked(() => {
      this.#walk.abort()
      this.isWalking.value = false
      this.current.value = null
      const { follow, seen } = this.model
      if (isSearching) {
        this.#origin ??= { pos: seen.value.first, isFollowing: follow.value }
        return
      }
      const origin = this.#origin
      this.#origin = null
      if (origin === null) return
      if (origin.isFollowing) this.model.jumpToLatest()
      else if (origin.pos !== null) logCommands.goTo(origin.pos)
    })
  }
}
