/** What keys and other parts of the page ask of search and filters; light, as its code is loaded with the page. */
import type { AppModel } from '../../app/app-model.ts'
import { isOnlyHost, type ViewState, withFilter, withoutFilter } from '../runs/view-state.ts'
import { earlyKeys } from './early-keys.ts'
import { finder } from './finder-slot.ts'

export const searchFieldId = 'search-run'

export const findCommands = {
  /** Puts the cursor into the search field. */
  search(app: AppModel): void {
    earlyKeys.await()
    // On a phone the field stands on a sheet.
    if (matchMedia('(max-width: 640px)').matches) {
      app.panel.value = 'search'
      setTimeout(focusSearch)
    } else focusSearch()
  },
  walk(step: 1 | -1): void {
    void finder.peek()?.walk(step)
  },
  clearSearch(): boolean {
    const open = finder.peek()
    if (open === null || open.search.peek() === null) return false
    open.lookFor(null)
    return true
  },
  showInContext(app: AppModel): void {
    const pos = app.current.peek()?.selected.peek() ?? null
    if (pos !== null) finder.peek()?.showInContext(pos)
  },
  onlyHostAt(app: AppModel, number: number): void {
    findCommands.onlyHost(app, app.current.peek()?.run.peek()?.tasks[number - 1]?.host)
  },
  /** Only this host; again: all of them. */
  onlyHost({ view, current }: AppModel, host: string | undefined): void {
    if (current.peek() === null || host === undefined) return
    view.change((state) =>
      isOnlyHost(state, host)
        ? withoutHosts(state)
        : withFilter(state, { kind: 'hosts', hosts: [host], isInverse: false }),
    )
  },
  /** Hides one more host, or shows it again. */
  toggleHost({ view, current }: AppModel, host: string): void {
    const all =
      current
        .peek()
        ?.run.peek()
        ?.tasks.map((task) => task.host) ?? []
    view.change((state) => {
      const hidden = new Set(hiddenHosts(state, all))
      if (!hidden.delete(host)) hidden.add(host)
      if (hidden.size === 0) return withoutHosts(state)
      return withFilter(state, { kind: 'hosts', hosts: [...hidden], isInverse: true })
    })
  },
  clearFilters({ view }: AppModel): void {
    view.change((state) => ({ ...state, filters: [] }))
  },
  allHosts({ view }: AppModel): void {
    view.change(withoutHosts)
  },
  /** Goes to the next or previous line of a channel, among those that the filters leave. */
  async near(app: AppModel, channel: 'err' | 'note', step: 1 | -1): Promise<void> {
    const { goNear } = await import('./near-line.ts')
    await goNear(app, channel, step)
  },
  /** Hides the lines that hold the selected text. */
  async filterOut(app: AppModel): Promise<void> {
    const part = await import('./filter-out.ts')
    part.filterOut(app)
  },
} as const

/** What was typed meanwhile is in the field then, as if it had been typed there. */
function focusSearch(): void {
  const field = document.getElementById(searchFieldId)
  if (!(field instanceof HTMLInputElement)) return
  field.focus()
  field.select()
  const typed = earlyKeys.end()
  if (typed === '') return
  field.value = typed
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** The field is there now. */
export function offerSearchField(): void {
  if (earlyKeys.isAwaited) focusSearch()
}

/** Hosts that a filter hides now. */
export function hiddenHosts(state: ViewState, all: readonly string[]): readonly string[] {
  const rule = state.filters.find(({ kind, isOn }) => kind === 'hosts' && isOn)
  if (rule?.kind !== 'hosts') return []
  return all.filter((host) => rule.hosts.includes(host) === rule.isInverse)
}

function withoutHosts(state: ViewState): ViewState {
  const rule = state.filters.find(({ kind }) => kind === 'hosts')
  return rule === undefined ? state : withoutFilter(state, rule)
}
