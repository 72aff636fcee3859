/** How the reader looks at the run, held in the address: whoever changes it here changes it there. */
import { computed, type ReadonlySignal } from '@preact/signals'
import type { Router } from '../../app/router.ts'
import { parseView, printView, type ViewState } from './view-state.ts'

export interface ViewHolder {
  readonly state: ReadonlySignal<ViewState>
  /** `no-step` for what Back should not stop at, as each letter of a search. */
  change(next: (state: ViewState) => ViewState, step?: 'step' | 'no-step'): void
}

export function createViewHolder({ query, ask }: Pick<Router, 'query' | 'ask'>): ViewHolder {
  const state = computed(() => parseView(query.value))
  return {
    state,
    change: (next, step = 'step') => ask(printView(next(state.peek())), step),
  }
}
