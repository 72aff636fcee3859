/** An unknown host key: what it is, how to compare it, and the choice. Cancel has the focus. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Answer, Question } from '../../../shared/question.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { compareFingerprint } from './compare-fingerprint.ts'

export interface HostKeyDialogProps {
  readonly host: string
  readonly question: Extract<Question, { kind: 'host-key' }>
  readonly more: number
  readonly onAnswer: (answer: Answer) => void
}

export function HostKeyDialog({ host, question, more, onAnswer }: HostKeyDialogProps): VNode {
  const t = text.value
  const p = pageTexts.value
  const pasted = useSignal('')
  const verdict = compareFingerprint(pasted.value, question.fingerprint)
  const { id, address, keyType, fingerprint } = question
  const cancel = (): void => onAnswer({ kind: 'cancel', question: id })
  const keyFile = `/etc/ssh/ssh_host_${keyType.toLowerCase().replace(/[^a-z0-9]/g, '')}_key.pub`
  return (
    <Dialog title={p.hostKeyTitle} isFirm onClose={cancel}>
      <p>{p.hostKeyText(displayText(host))}</p>
      <dl class="question-facts">
        <dt>{t.host}</dt>
        <dd>{displayText(question.host)}</dd>
        {address !== null && (
          <>
            <dt>{p.address}</dt>
            <dd class="mono">{displayText(address)}</dd>
          </>
        )}
        <dt>{p.keyType}</dt>
        <dd>{displayText(keyType)}</dd>
        <dt>{p.fingerprint}</dt>
        <dd class="mono question-fingerprint">{displayText(fingerprint)}</dd>
      </dl>
      <p class="question-how">
        {p.compareHow}
        <code>ssh-keygen -lf {keyFile}</code>
      </p>
      <div class="field">
        <label for="pasted-fingerprint">{p.pasteFingerprint}</label>
        <input
          id="pasted-fingerprint"
          class="input mono"
          placeholder="SHA256:…"
          spellcheck={false}
          autocomplete="off"
          value={pasted.value}
          onInput={(event) => {
            pasted.value = event.currentTarget.value
          }}
        />
        <p class="question-verdict" role="status">
          {verdict !== null && (
            <span class={verdict === 'identical' ? 'tone-ok' : 'tone-err'}>
              <Icon name={verdict === 'identical' ? 'check' : 'warn'} />
              {p[verdict]}
            </span>
          )}
        </p>
      </div>
      <p class="question-small">{p.willBeWritten}</p>
      <div class="dialog-actions">
        {more > 0 && <span class="spacer">{p.moreQuestions(more)}</span>}
        <button type="button" class="button" data-first-focus onClick={cancel}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={verdict === 'different'}
          onClick={() => onAnswer({ kind: 'trust', question: id, fingerprint })}
        >
          {p.trust}
        </button>
      </div>
    </Dialog>
  )
}
