/** Trouble that may be over in a moment is told over the log: with the server, or with its disk. */
import type { VNode } from 'preact'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from './run-model.ts'
import './connection-bar.css'

/** A short break is only shown in the status bar: most are over before anybody reads a bar. */
const silentMs = 3_000

export function ConnectionBar({ model }: { readonly model: RunModel }): VNode | null {
  const t = text.value
  const connection = model.connection.value
  const { now } = model.figures.value
  const reset = model.resetFrom.value
  if (connection.kind === 'lost' && now - connection.since >= silentMs) {
    const seconds = Math.ceil((connection.retryAt - now) / 1_000)
    return (
      <div class="connection-bar tone-warn" role="alert">
        <Icon name="refresh" />
        <b>{navigator.onLine ? t.lostBar : t.offline}</b>
        {/* The countdown must not be read aloud each second. */}
        <span aria-hidden="true">{seconds > 0 ? t.retryIn(seconds) : t.retrying}</span>
        <button type="button" class="button small" onClick={() => model.retryNow()}>
          {t.retryNow}
        </button>
      </div>
    )
  }
  const absent = model.absent.value
  if (absent !== null) {
    return (
      <div class="connection-bar tone-off" role="status">
        <Icon name="note" />
        {t.lineGone(absent)}
      </div>
    )
  }
  const paused = model.run.value?.paused ?? null
  if (paused !== null) {
    return (
      <div class="connection-bar tone-warn" role="alert">
        <Icon name="warn" />
        <b>{t.pausedBar}</b>
        {/* The server's own sentence names the disk and what to do. */}
        <span title={paused}>{t.reason(paused)}</span>
      </div>
    )
  }
  if (reset === null) return null
  return (
    <div class="connection-bar tone-err" role="alert">
      <Icon name="warn" />
      {t.resetBar(reset)}
    </div>
  )
}
