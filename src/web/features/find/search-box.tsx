/** The search in the run: what is looked for and how, how many lines have it, and the way from one to the next. */
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { TextTerm } from '../../../shared/text-term.ts'
import { findText } from '../../i18n/find-text.ts'
import { clockTime } from '../../i18n/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { offerSearchField, searchFieldId } from './find-commands.ts'
import type { Finder } from './finder.ts'

/** While somebody types, the server is not asked for each letter. */
const typingMs = 180

const emptyTerm: TextTerm = { text: '', isRegex: false, caseRule: 'smart', isInverse: false }

export function SearchBox({ finder }: { readonly finder: Finder }): VNode {
  const t = findText.value
  const { field, take, takeSoon, clear } = useSearchField(finder)
  const isOpen = finder.search.value !== null
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.metaKey && !event.ctrlKey) {
      event.preventDefault()
      take({})
      void finder.walk(event.shiftKey ? -1 : 1)
    } else if (event.key === 'Escape') {
      clear()
      field.current?.blur()
    } else if (event.key === 'f' && (event.metaKey || event.ctrlKey)) {
      // Who asks twice wants the browser's own search.
      event.stopPropagation()
    }
  }
  return (
    <div class="search-box" role="search">
      <Icon name="search" />
      <input
        ref={field}
        id={searchFieldId}
        type="text"
        class="mono"
        placeholder={t.search}
        aria-label={t.searchRun}
        spellcheck={false}
        autocomplete="off"
        maxLength={1_000}
        onKeyDown={onKey}
        onInput={takeSoon}
      />
      <Count finder={finder} />
      <Switches term={finder.search.value ?? emptyTerm} onTake={take} />
      <Step
        icon="arrowUp"
        label={t.previousHit}
        isPossible={isOpen}
        onClick={() => void finder.walk(-1)}
      />
      <Step
        icon="arrowDown"
        label={t.nextHit}
        isPossible={isOpen}
        onClick={() => void finder.walk(1)}
      />
      {isOpen && <Step icon="close" label={t.clearSearch} isPossible onClick={clear} />}
    </div>
  )
}

/** The field and the address in step. Switches of an empty field wait there for its text. */
function useSearchField(finder: Finder) {
  const field = useRef<HTMLInputElement>(null)
  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const kept = useRef(emptyTerm)
  const term = finder.search.value
  if (term !== null) kept.current = term
  const take = (change: Partial<TextTerm>): void => {
    clearTimeout(typing.current)
    kept.current = { ...kept.current, text: field.current?.value ?? '', ...change }
    finder.lookFor(kept.current.text === '' ? null : kept.current)
  }
  // What the address says is in the field, unless somebody types just now.
  const written = term?.text ?? ''
  useEffect(() => {
    if (field.current !== null && document.activeElement !== field.current) {
      field.current.value = written
    }
  }, [written])
  useEffect(() => {
    offerSearchField()
    return () => clearTimeout(typing.current)
  }, [])
  return {
    field,
    take,
    takeSoon: () => {
      clearTimeout(typing.current)
      typing.current = setTimeout(() => take({}), typingMs)
    },
    clear: () => {
      if (field.current !== null) field.current.value = ''
      take({})
    },
  }
}

/** Grows while the server looks. */
function Count({ finder }: { readonly finder: Finder }): VNode | null {
  const hits = finder.hits.value
  if (hits === null || hits.progress.value.failed !== null) return null
  void [hits.version.value, hits.fetched.value]
  const t = findText.value
  const { isSearching, backTo, stopped } = hits.progress.value
  const { count } = hits
  if (isSearching || stopped !== null) {
    const far =
      backTo === null ? t.searching : t.searchedBackTo(clockTime(backTo).slice(0, 8), count)
    return (
      <span class="search-count" title={far} role="status">
        {t.foundSoFar(count)}
      </span>
    )
  }
  const current = finder.current.value
  const index = current === null ? null : hits.indexOf(current)
  return (
    <span class="search-count" role="status" title={t.hitsWord(count)}>
      {index === null ? (
        <b class={count === 0 ? 'none' : ''}>{t.hits(count)}</b>
      ) : (
        t.hitOf(index - hits.first + 1, count)
      )}
    </span>
  )
}

interface SwitchesProps {
  readonly term: TextTerm
  readonly onTake: (change: Partial<TextTerm>) => void
}

function Switches({ term, onTake }: SwitchesProps): VNode {
  const t = findText.value
  const isExact = term.caseRule === 'sensitive'
  return (
    <>
      <Switch
        label={t.matchCase}
        isOn={isExact}
        onClick={() => onTake({ caseRule: isExact ? 'smart' : 'sensitive' })}
      >
        Aa
      </Switch>
      <Switch
        label={t.useRegex}
        isOn={term.isRegex}
        onClick={() => onTake({ isRegex: !term.isRegex })}
      >
        .*
      </Switch>
      <Switch
        label={t.invertSearch}
        isOn={term.isInverse}
        onClick={() => onTake({ isInverse: !term.isInverse })}
      >
        ≠
      </Switch>
    </>
  )
}

interface SwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onClick: () => void
  readonly children: string
}

function Switch({ label, isOn, onClick, children }: SwitchProps): VNode {
  return (
    <button
      type="button"
      class="search-switch"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onClick}
    >
      {children}
    </button>
  )
}

interface StepProps {
  readonly icon: 'arrowUp' | 'arrowDown' | 'close'
  readonly label: string
  readonly isPossible: boolean
  readonly onClick: () => void
}

function Step({ icon, label, isPossible, onClick }: StepProps): VNode {
  return (
    <button
      type="button"
      class="search-step"
      aria-label={label}
      title={label}
      disabled={!isPossible}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
