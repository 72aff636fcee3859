/** Asks before a run is stopped. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import { isFinal } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { awayKind, canGiveUp, namesOf } from './away-hosts.ts'
import type { RunModel } from './run-model.ts'

export interface StopDialogProps {
  readonly model: RunModel
  readonly onClose: () => void
}

export function StopDialog({ model, onClose }: StopDialogProps): VNode {
  const app = useApp()
  const t = text.value
  const p = pageTexts.value
  const run = model.run.value
  const tasks = (run?.tasks ?? []).filter(({ state }) => !isFinal(state))
  const away = tasks.filter((task) => awayKind(task) !== null)
  const isSecond = run !== null && canGiveUp(run)
  const word = isSecond ? t.giveUp : t.stop
  return (
    <Dialog
      title={isSecond ? p.giveUpTitle(away.length) : p.stopTitle(tasks.length)}
      onClose={onClose}
    >
      {isSecond ? (
        <p>{p.giveUpText(displayText(namesOf(away)))}</p>
      ) : (
        <>
          <p>{p.stopText}</p>
          {away.length > 0 && <p>{p.stopAwayText(displayText(namesOf(away)))}</p>}
        </>
      )}
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
          {word}
        </button>
      </div>
    </Dialog>
  )
}
