/** What has come since the reader paused, and the way back to the end. */
import type { VNode } from 'preact'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from '../runs/run-model.ts'
import { logCommands } from './log-commands.ts'
import { unreadOf } from './unread.ts'

export function LogPill({ model }: { readonly model: RunModel }): VNode | null {
  if (model.follow.value) return null
  const { lines: unread, errors: unreadErrors } = unreadOf(model)
  // An ended run that was read to its end has nothing to jump to.
  if (unread === 0 && model.run.value?.state === 'ended' && model.tail.value === 0) return null
  const t = text.value
  return (
    <div class="log-pill" role="status">
      {unread > 0 && <span>{t.newLines(unread)}</span>}
      {unreadErrors > 0 && <span class="log-pill-errors">{t.errors(unreadErrors)}</span>}
      {unread > 0 && (
        <button
          type="button"
          class="button quiet small"
          onClick={() => logCommands.continueHere(model)}
        >
          <Icon name="up" />
          <span class="log-pill-word">{t.continueHere}</span>
        </button>
      )}
      <button type="button" class="button primary small" onClick={() => model.jumpToLatest()}>
        <Icon name="latest" />
        {t.jumpToLatest}
      </button>
    </div>
  )
}
