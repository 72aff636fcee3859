/** All runs, newest first, page by page. */

import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { Run } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { sentenceOf } from '../../app/app-model.ts'
import { formatCount, shortTime } from '../../i18n/format.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { splitTarget } from '../runs/split-target.ts'
import { runTone } from '../runs/tones.ts'
import './run-list.css'

const pageRuns = 50

export function RunList(): VNode {
  const { api, runs, refreshRuns } = useApp()
  const t = text.value
  const older = useSignal<readonly Run[]>([])
  const hasMore = useSignal(true)
  const problem = useSignal<AppError | null>(null)
  useEffect(() => {
    document.title = `${t.runsTitle} · Farglass`
    void refreshRuns()
  }, [refreshRuns, t])
  const newest = runs.value
  const known = new Set(newest.map(({ id }) => id))
  const all = [...newest, ...older.value.filter(({ id }) => !known.has(id))]
  const loadOlder = async (): Promise<void> => {
    const last = all.at(-1)
    if (last === undefined) return
    try {
      const page = await api.list({ limit: pageRuns, before: last.id })
      older.value = [...older.value, ...page]
      hasMore.value = page.length === pageRuns
      problem.value = null
    } catch (thrown) {
      problem.value = toAppError(thrown)
    }
  }
  return (
    <main class="page run-list">
      <h1>{t.runsTitle}</h1>
      {all.length === 0 ? (
        <p class="run-list-empty">
          <b>{t.noRunsYet}</b>
          {t.noRunsText}
        </p>
      ) : (
        <RunTable runs={all} />
      )}
      {problem.value !== null && (
        <p class="notice tone-err" role="alert">
          <Icon name="warn" />
          {sentenceOf(problem.value)}
        </p>
      )}
      {newest.length >= pageRuns && hasMore.value && (
        <button type="button" class="button" onClick={() => void loadOlder()}>
          {t.olderRuns}
        </button>
      )}
    </main>
  )
}

function RunTable({ runs }: { readonly runs: readonly Run[] }): VNode {
  const t = text.value
  const c = t.columns
  return (
    <table class="run-table">
      <thead>
        <tr>
          {[c.state, c.command, c.target, c.started, c.duration, c.lines].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ run }: { readonly run: Run }): VNode {
  const { preferences, now: clock } = useApp()
  const t = text.value
  const now = clock.value
  const tone = runTone(run)
  const end = run.endedAt === null ? now : Date.parse(run.endedAt)
  return (
    <tr>
      <td class={`run-state tone-${tone}`}>
        <span class={`dot tone-${tone}`} />
        {run.outcome === null ? t.runStates[run.state] : t.outcomes[run.outcome]}
      </td>
      <td class="run-command">
        <a href={`/runs/${run.id}`} class="mono">
          {sourceText(run.source)}
        </a>
      </td>
      <td class="run-target">{splitTarget(run.target).join(', ')}</td>
      <td>{shortTime(run.createdAt, now, preferences.locale.value)}</td>
      <td>{t.duration(end - Date.parse(run.createdAt))}</td>
      <td>{formatCount(run.lines)}</td>
    </tr>
  )
}
