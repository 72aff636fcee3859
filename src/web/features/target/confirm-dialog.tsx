/** Asks for the number of hosts before a run on many of them begins. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Confirm } from '../../app/app-model.ts'
import { formatCount } from '../../i18n/format.ts'
import { targetText } from '../../i18n/target-text.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'

export function ConfirmDialog({ confirm }: { readonly confirm: Confirm }): VNode {
  const g = targetText.value
  const typed = useSignal('')
  const isRight = typed.value.trim() === String(confirm.count)
  return (
    <Dialog title={g.confirmTitle(confirm.count)} onClose={() => confirm.answer(false)}>
      <p class="mono confirm-hosts">{displayText(confirm.folded)}</p>
      {confirm.question !== null && <p>{displayText(confirm.question)}</p>}
      {confirm.groups.length > 0 && <p>{g.confirmGroups(confirm.groups.join(', '))}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isRight) confirm.answer(true)
        }}
      >
        <label class="field">
          <span class="label">{g.confirmLabel(formatCount(confirm.count))}</span>
          <input
            class="input"
            inputMode="numeric"
            autocomplete="off"
            data-first-focus
            onInput={(event) => {
              typed.value = event.currentTarget.value
            }}
          />
        </label>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => confirm.answer(false)}>
            {text.value.cancel}
          </button>
          <button type="submit" class="button primary" disabled={!isRight}>
            {g.confirmRun(confirm.count)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
