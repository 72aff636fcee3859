/** All runs, newest first, as far as the filter takes them. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ListedRun } from '../../../shared/listed-run.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { useRules } from '../retention/use-rules.ts'
import { RemoveRun } from './remove-run.tsx'
import { askOf, filterOf, isAll } from './run-filter-query.ts'
import { RunFilters } from './run-filters.tsx'
import { ImportButton, ImportProgress } from './run-import.tsx'
import { RunImporter } from './run-importer.ts'
import { RunPages } from './run-pages.ts'
import { RunTable } from './run-table.tsx'
import '../../ui/list-page.css'
import './run-list.css'

export function RunList(): VNode {
  const { api, router, runs, session, now } = useApp()
  const t = text.value
  const p = pageTexts.value
  const [pages] = useState(() => new RunPages(api))
  const importer = useImporter()
  const removing = useSignal<ListedRun | null>(null)
  const rules = useRules('')
  useEffect(() => {
    document.title = `${p.runsTitle} · Farglass`
  }, [p])
  const query = router.query.value
  const newest = runs.value
  const open = (): void => void pages.open(askOf(filterOf(query), Date.now()))
  // Asked again after signing in: a session may end while the list is open.
  const isSignedIn = session.info.value?.signedIn === true
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `open` is made of the first two
  useEffect(open, [pages, query, isSignedIn])
  const time = now.value
  // What is new in the lists beside is new here, too; and older ones may have changed where those have not.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- both only say when
  useEffect(() => void pages.refresh(), [pages, newest, time])
  const listed = pages.runs.value
  const problem = pages.problem.value
  return (
    <main class="page list-page run-list">
      <Head importer={importer} />
      <ImportProgress importer={importer} />
      <RunFilters />
      {problem !== null && (
        <Notice tone="err">
          <Said of={problem} />
          <button type="button" class="button small" onClick={open}>
            {t.tryAgain}
          </button>
        </Notice>
      )}
      {listed !== null && listed.length === 0 && <Nothing />}
      {listed !== null && listed.length > 0 && (
        <RunTable
          runs={listed}
          rules={rules}
          onPin={(run) => void pages.pin(run)}
          onRemove={(run) => {
            removing.value = run
          }}
        />
      )}
      {pages.hasMore.value && <More pages={pages} />}
      {removing.value !== null && (
        <RemoveRun
          run={removing.value}
          onRemoved={(id) => pages.forget(id)}
          onClose={() => {
            removing.value = null
          }}
        />
      )}
    </main>
  )
}

function Head({ importer }: { readonly importer: RunImporter }): VNode {
  const p = pageTexts.value
  return (
    <div class="run-list-head">
      <h1>{p.runsTitle}</h1>
      <div class="run-list-ways">
        <ImportButton importer={importer} />
        <a class="button" href="/search">
          <Icon name="search" />
          {p.searchInside}
        </a>
      </div>
    </div>
  )
}

/** What comes back is told, and is new in all lists. */
function useImporter(): RunImporter {
  const { session, say, refreshRuns } = useApp()
  const [importer] = useState(
    () =>
      new RunImporter({
        request: (path, init, by) => session.api.request(path, init, by),
        onImported: ({ lines }) => {
          say(pageTexts.value.imported(lines))
          void refreshRuns()
        },
      }),
  )
  return importer
}

/** Nothing has run yet, or the filter hides all. */
function Nothing(): VNode {
  const { router } = useApp()
  const t = text.value
  const p = pageTexts.value
  const hidesAll = !isAll(filterOf(router.query.value))
  return (
    <div class="run-list-empty">
      <b>{hidesAll ? p.noRunLikeThat : t.noRunsYet}</b>
      <span>{hidesAll ? p.noRunLikeThatText : p.noRunsText}</span>
      {hidesAll && (
        <button type="button" class="button" onClick={() => router.ask('', 'step')}>
          {p.clearFilters}
        </button>
      )}
    </div>
  )
}

/** Comes by itself when it is scrolled to, and by a button. */
function More({ pages }: { readonly pages: RunPages }): VNode {
  const ref = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void pages.more()
    })
    if (ref.current !== null) seen.observe(ref.current)
    return () => seen.disconnect()
  }, [pages])
  return (
    <button type="button" class="button" ref={ref} onClick={() => void pages.more()}>
      {pageTexts.value.olderRuns}
    </button>
  )
}
