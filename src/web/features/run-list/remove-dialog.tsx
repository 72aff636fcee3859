/** Asks before a run is removed with all of its lines. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { Run, RunId } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { sentenceOf } from '../../app/app-model.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'

export interface RemoveDialogProps {
  readonly run: Run
  readonly onRemoved: (id: RunId) => void
  readonly onClose: () => void
}

export function RemoveDialog({ run, onRemoved, onClose }: RemoveDialogProps): VNode {
  const { api, say, refreshRuns } = useApp()
  const t = text.value
  const p = pageTexts.value
  const problem = useSignal<AppError | null>(null)
  const remove = async (): Promise<void> => {
    try {
      await api.remove(run.id)
      onRemoved(run.id)
      onClose()
      say(p.runRemoved)
      await refreshRuns()
    } catch (thrown) {
      problem.value = toAppError(thrown)
    }
  }
  return (
    <Dialog title={p.removeTitle} onClose={onClose}>
      <p class="mono remove-command">{sourceText(run.source)}</p>
      <p>{p.removeText(run.lines)}</p>
      {problem.value !== null && (
        <p class="notice tone-err" role="alert">
          <Icon name="warn" />
          {sentenceOf(problem.value)}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {t.cancel}
        </button>
        <button type="button" class="button danger" onClick={() => void remove()}>
          {p.removeRun}
        </button>
      </div>
    </Dialog>
  )
}
