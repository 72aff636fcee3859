/** Lines of all runs that have a text: by run, as they are found. */

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { RunSearch } from './run-search.ts'
import { SearchHits } from './search-hits.tsx'
import { lineFilterOf, type SearchText, searchQueryOf, searchTextOf } from './search-text.ts'
import '../../ui/list-page.css'
import '../../ui/tool-field.css'
import './search-page.css'

export function SearchPage(): VNode {
  const { api, router } = useApp()
  const p = pageTexts.value
  const [search] = useState(() => new RunSearch(api))
  const query = router.query.value
  const asked = searchTextOf(query)
  useEffect(() => {
    document.title = `${p.searchTitle} · Farglass`
  }, [p.searchTitle])
  useEffect(() => () => search.stop(), [search])
  useEffect(() => search.start(lineFilterOf(searchTextOf(query))), [search, query])
  const problem = search.problem.value
  return (
    <main class="page list-page">
      <h1>{p.searchTitle}</h1>
      <SearchForm key={query} asked={asked} />
      {problem !== null && (
        <Notice tone="err">
          <Said of={problem} />
        </Notice>
      )}
      {search.phase.value === 'idle' ? (
        <p class="search-help">{p.searchHelp}</p>
      ) : (
        <Progress search={search} />
      )}
      <SearchHits found={search.found.value} asked={asked} />
    </main>
  )
}

function SearchForm({ asked }: { readonly asked: SearchText }): VNode {
  const { router } = useApp()
  const p = pageTexts.value
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const fields = new FormData(event.currentTarget)
    const typed = fields.get('text')
    const next: SearchText = {
      text: typeof typed === 'string' ? typed : '',
      isRegex: fields.has('regex'),
      isExact: fields.has('exact'),
    }
    router.ask(searchQueryOf(next), 'step')
  }
  return (
    <search>
      <form class="search-form" onSubmit={submit}>
        <label class="tool-field wide">
          <Icon name="search" />
          <span class="hidden-visually">{p.searchField}</span>
          <input
            type="search"
            name="text"
            class="mono"
            placeholder={p.searchField}
            defaultValue={asked.text}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            ref={(field) => {
              if (field !== null && asked.text === '') field.focus()
            }}
          />
        </label>
        <label class="search-switch" title={p.searchCase}>
          <input
            type="checkbox"
            name="exact"
            defaultChecked={asked.isExact}
            aria-label={p.searchCase}
          />
          <span aria-hidden="true">Aa</span>
        </label>
        <label class="search-switch" title={p.searchRegex}>
          <input
            type="checkbox"
            name="regex"
            defaultChecked={asked.isRegex}
            aria-label={p.searchRegex}
          />
          <span aria-hidden="true">.*</span>
        </label>
        <button type="submit" class="button primary">
          {p.searchGo}
        </button>
      </form>
    </search>
  )
}

/** How far it is, what was found, and what can be done about it. */
function Progress({ search }: { readonly search: RunSearch }): VNode {
  const t = text.value
  const p = pageTexts.value
  const found = search.found.value
  const lines = found.reduce((sum, { count }) => sum + count, 0)
  const phase = search.phase.value
  return (
    <div class="search-progress" data-phase={phase}>
      <p role="status">
        <b>
          {lines === 0 && phase !== 'busy' ? p.searchNothing : p.searchFound(lines, found.length)}
        </b>
        <span>{phaseWords(search)}</span>
      </p>
      {phase === 'busy' && (
        <button type="button" class="button small" onClick={() => search.stop()}>
          {t.stop}
        </button>
      )}
      {phase === 'paused' && (
        <button type="button" class="button small" onClick={() => search.goOn()}>
          {p.searchGoOn}
        </button>
      )}
    </div>
  )
}

function phaseWords(search: RunSearch): string {
  const p = pageTexts.value
  const looked = search.looked.value
  switch (search.phase.value) {
    case 'idle':
      return ''
    case 'busy':
      return p.searchRunning(looked)
    case 'paused':
      return p.searchPaused(looked, search.found.value.length)
    case 'stopped':
      return p.searchStopped(looked)
    case 'done':
      return p.searchDone(looked)
  }
}
