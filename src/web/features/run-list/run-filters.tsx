/** Which runs are listed: what they became, where, when, and with which text. All of it stands in the address. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { hostsUsed } from '../../app/hosts-used.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import '../../ui/tool-field.css'
import { ages, filterOf, isAll, type ListFilter, queryOf, shownKinds } from './run-filter-query.ts'

/** Who types on is not asked for each letter. */
const typingMs = 200

export function RunFilters(): VNode {
  const { router } = useApp()
  const t = text.value
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
    <search class="run-filters" aria-label={t.filters}>
      <div class="segments" role="group" aria-label={t.columns.state}>
        {shownKinds.map((kind) => (
          <button
            type="button"
            key={kind}
            aria-pressed={filter.show === kind}
            onClick={() => change({ show: kind })}
          >
            {t.shownKinds[kind]}
          </button>
        ))}
      </div>
      <label class="tool-field wide">
        <Icon name="search" />
        <span class="hidden-visually">{t.filterText}</span>
        <input
          type="search"
          placeholder={t.filterText}
          value={filter.text}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => typed({ text: event.currentTarget.value })}
        />
      </label>
      <HostFilter host={filter.host} onType={(host) => typed({ host })} />
      <label class="tool-field">
        <Icon name="clock" />
        <select
          aria-label={t.filterAge}
          value={filter.age}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            change({ age: ages.find((age) => age === chosen) ?? 'any' })
          }}
        >
          {ages.map((age) => (
            <option key={age} value={age}>
              {t.ages[age]}
            </option>
          ))}
        </select>
      </label>
      {!isAll(filter) && (
        <button type="button" class="button quiet" onClick={() => router.ask('', 'step')}>
          {t.clearFilters}
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
  const t = text.value
  return (
    <label class="tool-field">
      <Icon name="hosts" />
      <span class="hidden-visually">{t.filterHost}</span>
      <input
        type="search"
        placeholder={t.filterHost}
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
