/** Asks before a run is stopped. */
import type { VNode } from 'preact'
import { isFinal } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { RunModel } from './run-model.ts'

export interface StopDialogProps {
  readonly model: RunModel
  readonly onClose: () => void
}

export function StopDialog({ model, onClose }: StopDialogProps): VNode {
  const app = useApp()
  const t = text.value
  const hosts = (model.run.value?.tasks ?? []).filter(({ state }) => !isFinal(state)).length
  return (
    <Dialog title={t.stopTitle(hosts)} onClose={onClose}>
      <p>{t.stopText}</p>
      <div class="dialog-actions">
        <button type="button" class="button" data-first-focus onClick={onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            onClose()
            void app.stopRun()
          }}
        >
          <span class="stop-mark" aria-hidden="true" />
          {t.stop}
        </button>
      </div>
    </Dialog>
  )
}
