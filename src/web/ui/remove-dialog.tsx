/** Asks before something is removed for good, and stays with the reason when that did not work. */
import type { ComponentChildren, VNode } from 'preact'
import { text } from '../i18n/text.ts'
import { Dialog } from './dialog.tsx'
import { Problem, useProblem } from './problem.tsx'

export interface RemoveDialogProps {
  /** Names what would go. */
  readonly title: string
  /** On the button that does it. */
  readonly word: string
  /** What else becomes of it. */
  readonly children: ComponentChildren
  /** Why it rejects is shown; after it the dialog is to be closed by who has opened it. */
  readonly onRemove: () => Promise<void>
  readonly onClose: () => void
}

export function RemoveDialog({
  title,
  word,
  children,
  onRemove,
  onClose,
}: RemoveDialogProps): VNode {
  const problem = useProblem()
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Problem of={problem} />
      <div class="dialog-actions">
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {text.value.cancel}
        </button>
        <button type="button" class="button danger" onClick={() => void problem.once(onRemove)}>
          {word}
        </button>
      </div>
    </Dialog>
  )
}
