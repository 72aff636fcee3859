/** Asks before a saved command is removed for good. */
import type { VNode } from 'preact'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import { loadSaved, savedApi } from './saved-list.ts'

export interface RemoveSavedProps {
  readonly command: StoredCommand
  readonly onClose: () => void
}

export function RemoveSaved({ command: { name, version }, onClose }: RemoveSavedProps): VNode {
  const app = useApp()
  const s = savedText.value
  const remove = async (): Promise<void> => {
    await savedApi(app).remove(name, version)
    await loadSaved(app)
    app.say(s.removed(name))
    app.router.go('/saved')
  }
  return (
    <RemoveDialog title={s.removeTitle(name)} word={s.remove} onRemove={remove} onClose={onClose}>
      <p>{s.removeText}</p>
    </RemoveDialog>
  )
}
