/** What becomes of a run when its connection breaks, in a few words beside the log. */
import type { VNode } from 'preact'
import { isFinal, type Run } from '../../../shared/run.ts'
import { text } from '../../i18n/text.ts'
import { namesOf } from './away-hosts.ts'

export function ModeHint({ run }: { readonly run: Run }): VNode | null {
  const t = text.value
  if (run.state === 'ended') return null
  if (run.source.kind !== 'command') return <span class="log-mode">{t.followHint}</span>
  const fellBack = run.tasks.filter(({ mode, state }) => mode !== run.mode && !isFinal(state))
  if (fellBack.length === 0) return <span class="log-mode">{t.modeHints[run.mode]}</span>
  return <span class="log-mode tone-warn">{t.fellBackHint(namesOf(fellBack))}</span>
}
