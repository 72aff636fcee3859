/** What becomes of a run when its connection breaks, in a few words. */
import type { VNode } from 'preact'
import { isFinal, type Run } from '../../../shared/run.ts'
import { text } from '../../i18n/text.ts'
import { namesOf } from './away-hosts.ts'

export function ModeHint({ run }: { readonly run: Run }): VNode | null {
  const t = text.value
  if (run.state === 'ended') return null
  if (run.source.kind !== 'command') return <Hint words={t.followHint} />
  const fellBack = run.tasks.filter(({ mode, state }) => mode !== run.mode && !isFinal(state))
  if (fellBack.length === 0) return <Hint words={t.modeHints[run.mode]} />
  return <Hint words={t.fellBackHint(namesOf(fellBack))} isOdd />
}

function Hint({
  words,
  isOdd = false,
}: {
  readonly words: string
  readonly isOdd?: boolean
}): VNode {
  return (
    <span class={`status-item status-mode${isOdd ? ' tone-warn' : ''}`}>
      <span title={words}>{words}</span>
    </span>
  )
}
