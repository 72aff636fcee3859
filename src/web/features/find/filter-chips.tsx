/** Filters as chips: each says how many lines it leaves by itself, can be switched off, and removed. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { findText } from '../../i18n/find-text.ts'
import { formatCount } from '../../i18n/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { lineQuery } from '../runs/line-query.ts'
import { type Filter, switchFilter, withoutFilter } from '../runs/view-state.ts'
import { filterName } from './filter-name.ts'
import type { Finder } from './finder.ts'
import { createRuleCount } from './rule-count.ts'

const FilterDialog = lazy(async () => (await import('./filter-dialog.tsx')).FilterDialog)

export function FilterChips({ finder }: { readonly finder: Finder }): VNode {
  const t = findText.value
  const { panel, view } = finder.app
  const { filters } = view.state.value
  return (
    <>
      {filters.map((filter) => (
        <Chip key={JSON.stringify({ ...filter, isOn: true })} finder={finder} filter={filter} />
      ))}
      <button
        type="button"
        class="filter-add"
        onClick={() => {
          panel.value = 'filter'
        }}
      >
        <Icon name="plus" />
        {t.filter}
      </button>
      {panel.value === 'filter' && (
        <FilterDialog
          finder={finder}
          onClose={() => {
            panel.value = 'none'
          }}
        />
      )}
    </>
  )
}

interface ChipProps {
  readonly finder: Finder
  readonly filter: Filter
}

function Chip({ finder, filter }: ChipProps): VNode {
  const t = findText.value
  const { view } = finder.app
  const name = filterName(filter, t)
  return (
    <span class={`filter-chip${filter.isOn ? '' : ' off'}`}>
      <button
        type="button"
        class="filter-name"
        aria-pressed={filter.isOn}
        onClick={() => view.change((state) => switchFilter(state, filter))}
      >
        <span class="hidden-visually">{t.filterSwitch('')}</span>
        <span class="filter-words">{name}</span> <RuleCount finder={finder} filter={filter} />
      </button>
      <button
        type="button"
        class="filter-remove"
        aria-label={t.removeFilter(name)}
        onClick={() => view.change((state) => withoutFilter(state, filter))}
      >
        <Icon name="close" />
      </button>
    </span>
  )
}

/** Lines of the whole run for which this one holds. */
function RuleCount({ finder, filter }: ChipProps): VNode | null {
  const { app, model } = finder
  const count = useSignal<number | null>(null)
  const isKnown = model.run.value !== null
  // The only one that holds leaves what is in view: that is counted already.
  const isOnly = filter.isOn && finder.rules.value.length === 1
  useEffect(() => {
    const tasks = model.run.peek()?.tasks
    if (tasks === undefined || isOnly) return undefined
    const { fields } = lineQuery([filter], tasks)
    const rule = createRuleCount({ api: app.session.api, model, fields, count })
    return () => rule.close()
    // A filter is the same as long as its chip is; the tasks of a run never change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isKnown, isOnly, model])
  const filtered = finder.filtered.value
  void filtered?.version.value
  const shown = isOnly ? (filtered?.count ?? null) : count.value
  return shown === null ? null : <b>{formatCount(shown)}</b>
}
