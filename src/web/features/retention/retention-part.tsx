/** Settings → Retention: how long runs are kept, with what that removes said before it is saved. */

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { RetentionPreview } from '../../../shared/retention.ts'
import { useApp } from '../../app/app-context.ts'
import { formatBytes } from '../../i18n/format.ts'
import { retentionText } from '../../i18n/retention-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'
import { Setting } from '../settings/setting.tsx'
import { RetentionModel } from './retention-model.ts'
import { SavedRules } from './saved-rules.tsx'
import './retention-part.css'

export function RetentionPart(): VNode {
  const { session, say, refreshRuns } = useApp()
  const r = retentionText.value
  const [model] = useState(() => new RetentionModel(session.api))
  useEffect(() => {
    void model.open()
    return () => model.close()
  }, [model])
  const draft = model.draft.value
  const problem = model.problem.value
  const preview = model.preview.value
  const save = async (): Promise<void> => {
    if (!(await model.save())) return
    say(r.saved)
    await refreshRuns()
  }
  return (
    <form
      class="retention"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p class="retention-intro">{r.intro}</p>
      {draft !== null && (
        <>
          <Bound
            name={r.lines}
            help={r.linesHelp}
            unit={r.days}
            value={draft.days}
            onType={(days) => model.change({ days })}
          />
          <Bound
            name={r.runs}
            help={r.runsHelp}
            unit={r.unitRuns}
            value={draft.runs}
            onType={(runs) => model.change({ runs })}
          />
          <Bound
            name={r.size}
            help={r.sizeHelp}
            unit={r.gigabytes}
            value={draft.gigabytes}
            onType={(gigabytes) => model.change({ gigabytes })}
          />
          <Bound
            name={r.rows}
            help={r.rowsHelp}
            unit={r.days}
            value={draft.rowDays}
            onType={(rowDays) => model.change({ rowDays })}
          />
          <SavedRules rules={draft.saved} onChange={(saved) => model.change({ saved })} />
        </>
      )}
      {problem !== null && (
        <Notice tone="err">
          <Said of={problem} />
        </Notice>
      )}
      {draft !== null && problem === null && <Preview preview={preview} />}
    </form>
  )
}

interface BoundProps {
  readonly name: string
  readonly help: string
  readonly unit: string
  readonly value: string
  readonly onType: (value: string) => void
}

function Bound({ name, help, unit, value, onType }: BoundProps): VNode {
  return (
    <Setting name={name} help={help}>
      {(ids) => (
        <span class="retention-bound">
          <input
            type="number"
            class="input"
            min="0"
            step="any"
            placeholder={retentionText.value.noBound}
            value={value}
            {...ids}
            onInput={(event) => onType(event.currentTarget.value)}
          />
          <span class="retention-unit">{unit}</span>
        </span>
      )}
    </Setting>
  )
}

function Preview({ preview }: { readonly preview: RetentionPreview | null }): VNode {
  const r = retentionText.value
  const isRemoving = preview !== null && preview.lines.runs + preview.rows.runs > 0
  return (
    <div class="retention-end">
      <p aria-live="polite" class={isRemoving ? 'retention-removes' : undefined}>
        {preview === null ? r.looking : sentencesOf(preview)}
      </p>
      <button
        type="submit"
        class={isRemoving ? 'button danger' : 'button primary'}
        disabled={preview === null}
      >
        {isRemoving ? r.saveAndRemove : r.save}
      </button>
    </div>
  )
}

function sentencesOf({ lines, rows, kept, pinned }: RetentionPreview): string {
  const r = retentionText.value
  const removes =
    lines.runs + rows.runs === 0
      ? r.removesNothing
      : r.removes(lines.runs, formatBytes(lines.bytes), rows.runs)
  return `${removes} ${r.stays(kept.runs, formatBytes(kept.bytes), pinned.runs)}`
}
