/** Filters of the run list that are chosen from a few: when, from which saved command, and by what it was started. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { Icon } from '../../ui/icon.tsx'
import { loadSaved, savedList } from '../saved/saved-list.ts'
import { ages, type ListFilter, starterKinds, starterOf } from './run-filter-query.ts'
import '../../ui/tool-field.css'

interface AgeFilterProps {
  readonly age: ListFilter['age']
  readonly onChoose: (age: ListFilter['age']) => void
}

export function AgeFilter({ age, onChoose }: AgeFilterProps): VNode {
  const p = pageTexts.value
  return (
    <label class="tool-field">
      <Icon name="clock" />
      <select
        aria-label={p.filterAge}
        value={age}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          onChoose(ages.find((one) => one === chosen) ?? 'any')
        }}
      >
        {ages.map((one) => (
          <option key={one} value={one}>
            {p.ages[one]}
          </option>
        ))}
      </select>
    </label>
  )
}

interface ChoiceProps {
  readonly onChoose: (value: string) => void
}

/** One that is gone by now may still have runs. */
export function SavedFilter({
  saved,
  onChoose,
}: ChoiceProps & { readonly saved: string }): VNode | null {
  const app = useApp()
  const p = pageTexts.value
  useEffect(() => {
    // Without them the list only has one way less to be filtered.
    if (savedList.value === null) void loadSaved(app).catch(nothing)
  }, [app])
  const known = savedList.value?.map(({ name }) => name) ?? []
  const names = saved === '' || known.includes(saved) ? known : [saved, ...known]
  if (names.length === 0) return null
  return (
    <label class="tool-field">
      <Icon name="run" />
      <select
        aria-label={p.filterSaved}
        value={saved}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        <option value="">{p.anySaved}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {displayText(name)}
          </option>
        ))}
      </select>
    </label>
  )
}

function nothing(): void {}

export function StarterFilter({ by, onChoose }: ChoiceProps & { readonly by: string }): VNode {
  const p = pageTexts.value
  const { kind, name } = starterOf(by)
  return (
    <label class="tool-field">
      <Icon name="plug" />
      <select
        aria-label={p.filterBy}
        value={by}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {starterKinds.map((one) => (
          <option key={one} value={one === 'any' ? '' : one}>
            {p.starters[one]}
          </option>
        ))}
        {name !== null && (kind === 'schedule' || kind === 'trigger') && (
          <option value={by}>{displayText(p.starter(kind, name))}</option>
        )}
      </select>
    </label>
  )
}
