/** A password, passphrase or other answer that ssh asks for. It leaves the field at once and is kept nowhere. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import type { Answer, Question } from '../../../shared/question.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'

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
  const field = useRef<HTMLInputElement>(null)
  const isShown = useSignal(question.echo)
  const { id, ask, refused } = question
  const cancel = (): void => onAnswer({ kind: 'cancel', question: id })
  useEffect(() => {
    if (field.current !== null) field.current.type = isShown.value ? 'text' : 'password'
  }, [isShown.value])
  const send = (event: Event): void => {
    event.preventDefault()
    const input = field.current
    if (input === null) return
    const secret = input.value
    input.value = ''
    onAnswer({ kind: 'secret', question: id, secret })
  }
  return (
    <Dialog title={t.askTitles[ask]} isFirm onClose={cancel}>
      <form class="question-form" onSubmit={send} autocomplete="off">
        <p>{t.askFrom(displayText(host))}</p>
        {refused > 0 && (
          <p class="notice tone-err" role="alert">
            <Icon name="warn" />
            {t.notAccepted}
          </p>
        )}
        <p class="question-prompt">
          <span class="label">{t.prompt}</span>
          <code>{displayText(question.prompt).slice(0, promptCharsMax)}</code>
        </p>
        <div class="field">
          <label for="secret">{t.asks[ask]}</label>
          <span class="question-secret">
            <input
              ref={field}
              id="secret"
              class="input"
              type="password"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              maxLength={1_024}
              data-1p-ignore
              data-first-focus
            />
            <button
              type="button"
              class="button quiet small"
              aria-pressed={isShown.value}
              onClick={() => {
                isShown.value = !isShown.value
              }}
            >
              {t.show}
            </button>
          </span>
        </div>
        <div class="dialog-actions">
          {more > 0 && <span class="spacer">{t.moreQuestions(more)}</span>}
          <button type="button" class="button" onClick={cancel}>
            {t.cancel}
          </button>
          <button type="submit" class="button primary">
            {ask === 'keyboard-interactive' ? t.answer : t.send}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
