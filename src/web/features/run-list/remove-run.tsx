/** Asks before a run is removed with all of its lines. */
import type { VNode } from 'preact'
import type { ListedRun } from '../../../shared/listed-run.ts'
import type { RunId } from '../../../shared/run.ts'
import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'

export interface RemoveRunProps {
  readonly run: ListedRun
  readonly onRemoved: (id: RunId) => void
  readonly onClose: () => void
}

export function RemoveRun({ run, onRemoved, onClose }: RemoveRunProps): VNode {
  const { api, say, refreshRuns } = useApp()
  const p = pageTexts.value
  const remove = async (): Promise<void> => {
    await api.remove(run.id)
    onRemoved(run.id)
    onClose()
    say(p.runRemoved)
    await refreshRuns()
  }
  return (
    <RemoveDialog title={p.removeTitle} word={p.removeRun} onRemove={remove} onClose={onClose}>
      <p class="mono remove-command">{sourceText(run.source)}</p>
      <p>{p.removeText(run.lines)}</p>
    </RemoveDialog>
  )
}
