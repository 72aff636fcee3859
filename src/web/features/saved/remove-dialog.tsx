/** Asks before a saved command is removed for good. */
import type { VNode } from 'preact'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem, useProblem } from './problem.tsx'
import { loadSaved, savedApi } from './saved-list.ts'

export interface RemoveDialogProps {
  readonly command: StoredCommand
  readonly onClose: () => void
}

export function RemoveDialog({ command: { name, version }, onClose }: RemoveDialogProps): VNode {
  const app = useApp()
  const s = savedText.value
  const problem = useProblem()
  const remove = (): Promise<boolean> =>
    problem.watch(async () => {
      await savedApi(app).remove(name, version)
      await loadSaved(app)
      app.say(s.removed(name))
      app.router.go('/saved')
    })
  return (
    <Dialog title={s.removeTitle(name)} onClose={onClose}>
      <p>{s.removeText}</p>
      <Problem of={problem} />
      <div class="dialog-actions">
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {text.value.cancel}
        </button>
        <button type="button" class="button danger" onClick={() => void remove()}>
          {s.remove}
        </button>
      </div>
    </Dialog>
  )
}
