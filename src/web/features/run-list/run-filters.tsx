/** Which runs are listed: what they became, where, when, and with which text. All of it stands in the address. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { hostsUsed } from '../../app/hosts-used.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import '../../ui/tool-field.css'
import { AgeFilter, SavedFilter, StarterFilter } from './run-filter-choices.tsx'
import { filterOf, isAll, type ListFilter, queryOf, shownKinds } from './run-filter-query.ts'

/** Who types on is not asked for each letter. */
const typingMs = 200

export function RunFilters(): VNode {
  const { router } = useApp()
  const p = pageTexts.value
  const filter = filterOf(router.query.value)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const change = (part: Partial<ListFilter>): void => {
    router.ask(queryOf({ ...filterOf(router.query.value), ...part }), 'step')
  }
  const typed = (part: Partial<ListFilter>): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      router.ask(queryOf({ ...filterOf(router.query.value), ...part }), 'no-step')
    }, typingMs)
  }
  return (
    <search class="run-filters" aria-label={p.filters}>
      <div class="segments" role="group" aria-label={p.columns.state}>
        {shownKinds.map((kind) => (
          <button
            type="button"
            key={kind}
            aria-pressed={filter.show === kind}
            onClick={() => change({ show: kind })}
          >
            {p.shownKinds[kind]}
          </button>
        ))}
      </div>
      <label class="tool-field wide">
        <Icon name="search" />
        <span class="hidden-visually">{p.filterText}</span>
        <input
          type="search"
          placeholder={p.filterText}
          value={filter.text}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => typed({ text: event.currentTarget.value })}
        />
      </label>
      <HostFilter host={filter.host} onType={(host) => typed({ host })} />
      <AgeFilter age={filter.age} onChoose={(age) => change({ age })} />
      <SavedFilter saved={filter.saved} onChoose={(saved) => change({ saved })} />
      <StarterFilter by={filter.by} onChoose={(by) => change({ by })} />
      <button
        type="button"
        class="button run-filter-pinned"
        aria-pressed={filter.pinned}
        onClick={() => change({ pinned: !filter.pinned })}
      >
        <Icon name="mark" />
        {p.filterPinned}
      </button>
      {!isAll(filter) && (
        <button type="button" class="button quiet" onClick={() => router.ask('', 'step')}>
          {p.clearFilters}
        </button>
      )}
    </search>
  )
}

interface HostFilterProps {
  readonly host: string
  readonly onType: (host: string) => void
}

function HostFilter({ host, onType }: HostFilterProps): VNode {
  const { runs } = useApp()
  const p = pageTexts.value
  return (
    <label class="tool-field">
      <Icon name="hosts" />
      <span class="hidden-visually">{p.filterHost}</span>
      <input
        type="search"
        placeholder={p.filterHost}
        list="filter-hosts"
        value={host}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        onInput={(event) => onType(event.currentTarget.value)}
      />
      <datalist id="filter-hosts">
        {hostsUsed(runs.value, 50).map(({ task }) => (
          <option key={task.host} value={task.host}>
            {task.host}
          </option>
        ))}
      </datalist>
    </label>
  )
}
