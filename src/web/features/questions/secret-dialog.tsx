/** A password, passphrase or other answer that ssh asks for. It leaves the field at once and is kept nowhere. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { Answer, Question } from '../../../shared/question.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SecretField } from './secret-field.tsx'

export interface SecretDialogProps {
  readonly host: string
  readonly question: Extract<Question, { kind: 'secret' }>
  readonly more: number
  readonly onAnswer: (answer: Answer) => void
}

/** The prompt is the host's text: one line, not longer than this. */
const promptCharsMax = 200

export function SecretDialog({ host, question, more, onAnswer }: SecretDialogProps): VNode {
  const t = text.value
  const p = pageTexts.value
  const field = useRef<HTMLInputElement>(null)
  const { id, ask, refused } = question
  const cancel = (): void => onAnswer({ kind: 'cancel', question: id })
  const send = (event: Event): void => {
    event.preventDefault()
    const input = field.current
    if (input === null) return
    const secret = input.value
    input.value = ''
    onAnswer({ kind: 'secret', question: id, secret })
  }
  return (
    <Dialog title={p.askTitles[ask]} isFirm onClose={cancel}>
      <form class="question-form" onSubmit={send} autocomplete="off">
        <p>{ask === 'sudo' ? p.askSudo : p.askFrom(displayText(host))}</p>
        {refused > 0 && <Notice tone="err">{p.notAccepted}</Notice>}
        <p class="question-prompt">
          <span class="label">{p.prompt}</span>
          <code>{displayText(question.prompt).slice(0, promptCharsMax)}</code>
        </p>
        <SecretField field={field} label={p.asks[ask]} isShownAtFirst={question.echo} />
        <div class="dialog-actions">
          {more > 0 && <span class="spacer">{p.moreQuestions(more)}</span>}
          <button type="button" class="button" onClick={cancel}>
            {t.cancel}
          </button>
          <button type="submit" class="button primary">
            {ask === 'keyboard-interactive' ? p.answer : p.send}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
