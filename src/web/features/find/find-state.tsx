/** What stands beside the log when a search or a filter has not the answer that was hoped for: why, and what can be done. */
import type { ComponentChildren, VNode } from 'preact'
import { findText } from '../../i18n/find-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Said } from '../../ui/said.tsx'
import { partialsOf } from '../runs/partials.ts'
import type { MatchedLines } from '../viewer/matched-lines.ts'
import { findCommands } from './find-commands.ts'
import type { Finder } from './finder.ts'
import { useHitMarks } from './hit-marks.ts'

export function FindState({ finder }: { readonly finder: Finder }): VNode | null {
  const t = findText.value
  const { app, model } = finder
  const hasMarks = useHitMarks(finder)
  const filtered = finder.filtered.value
  const hits = finder.hits.value
  const { lines } = model.figures.value
  const isBare = filtered !== null && partialsOf(model.partials.value, filtered).size === 0
  return (
    <>
      {filtered !== null && <Progress matches={filtered} title={t.filterFailed} />}
      {hits !== null && <Progress matches={hits} title={t.search} />}
      {!hasMarks && <Notice>{t.noMarks}</Notice>}
      {hits !== null && isEmpty(hits) && <Notice>{t.noMatch(filtered?.count ?? lines)}</Notice>}
      {isBare && isEmpty(filtered) && (
        <div class="find-empty" role="status">
          <p>{t.filtersHide(finder.rules.value.length, lines)}</p>
          <button type="button" class="button" onClick={() => findCommands.clearFilters(app)}>
            {t.clearFilters}
          </button>
        </div>
      )}
    </>
  )
}

/** True once everything was looked through and nothing was found. */
function isEmpty(matches: MatchedLines): boolean {
  void matches.version.value
  const { isSearching, failed, stopped } = matches.progress.value
  return matches.count === 0 && !isSearching && failed === null && stopped === null
}

interface ProgressProps {
  readonly matches: MatchedLines
  readonly title: string
}

/** A pattern that is none, or one for which the server's time was up. */
function Progress({ matches, title }: ProgressProps): VNode | null {
  const { failed, stopped } = matches.progress.value
  if (failed !== null) {
    return (
      <Notice tone="tone-err">
        {title}: <Said of={failed} />
      </Notice>
    )
  }
  if (stopped === null) return null
  return (
    <Notice tone="tone-warn" onGoOn={() => matches.goOn()}>
      <Said of={stopped} />
    </Notice>
  )
}

function Notice({
  tone = '',
  onGoOn,
  children,
}: {
  readonly tone?: string
  readonly onGoOn?: () => void
  readonly children: ComponentChildren
}): VNode {
  return (
    <div class={`find-notice ${tone}`} role="status">
      {tone !== '' && <Icon name="warn" />}
      <span>{children}</span>
      {onGoOn !== undefined && (
        <button type="button" class="button small" onClick={onGoOn}>
          {findText.value.goOn}
        </button>
      )}
    </div>
  )
}
