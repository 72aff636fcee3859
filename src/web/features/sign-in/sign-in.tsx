/** Signing in by the one-time link: as a page of its own, or over the page when a session has ended. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import type { AppError } from '../../../shared/errors.ts'
import { useApp } from '../../app/app-context.ts'
import { Choices } from '../../app/choices.tsx'
import { Logo } from '../../app/logo.tsx'
import { tokenIn } from '../../app/session.ts'
import type { Catalog } from '../../i18n/en.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import './sign-in.css'

export function SignInScreen(): VNode {
  const t = text.value
  const { session } = useApp()
  const isUnreachable = session.info.value === null
  return (
    <main class="sign-in">
      <header class="sign-in-head">
        <Logo />
        <span class="sign-in-choices">
          <Choices />
        </span>
      </header>
      <div class="sign-in-box">
        <h1>{isUnreachable ? t.unreachable : t.signInTitle}</h1>
        {isUnreachable ? (
          <>
            <p>{session.problem.value?.message}</p>
            <p>
              <button type="button" class="button" onClick={() => void session.refresh()}>
                {t.tryAgain}
              </button>
            </p>
          </>
        ) : (
          <>
            <p>{t.signInText}</p>
            <SignInForm />
          </>
        )}
      </div>
    </main>
  )
}

export function SignInDialog(): VNode {
  const t = text.value
  return (
    <Dialog title={t.signInTitle} isFirm onClose={() => {}}>
      <p>{t.sessionEnded}</p>
      <p>{t.signInText}</p>
      <SignInForm />
    </Dialog>
  )
}

function SignInForm(): VNode {
  const { session } = useApp()
  const t = text.value
  const typed = useSignal('')
  const problem = session.problem.value
  const submit = (event: Event): void => {
    event.preventDefault()
    const token = tokenIn(typed.value) ?? typed.value.trim()
    typed.value = ''
    if (token !== '') void session.signIn(token)
  }
  return (
    <form class="sign-in-form" onSubmit={submit} autocomplete="off">
      {problem !== null && (
        <p class="notice tone-err" role="alert">
          <Icon name="warn" />
          {problemText(problem, t)}
        </p>
      )}
      <div class="field">
        <label for="token">{t.signInLabel}</label>
        <input
          id="token"
          class="input mono"
          autocomplete="off"
          spellcheck={false}
          data-first-focus
          placeholder="http://127.0.0.1:4770/#t=…"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value
          }}
        />
      </div>
      <button type="submit" class="button primary">
        {t.signIn}
      </button>
    </form>
  )
}

function problemText(problem: AppError, t: Catalog): string {
  if (problem.code === 'bad-token') return t.signInUsed
  if (problem.code === 'too-many-requests') return t.signInWait
  return t.errorTexts[problem.code] ?? `${problem.message} ${problem.hint}`
}
