/** Signing in by the one-time link: as a page of its own, or over the page when a session has ended. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { type AppError } from '../../../shared/errors.ts'
import { useApp } from '../../app/app-context.ts'
import { Choices } from '../../app/choices.tsx'
import { Logo } from '../../app/logo.tsx'
import { tokenIn } from '../../app/session.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said, type Sayable } from '../../ui/said.tsx'
import './sign-in.css'

export function SignInScreen(): VNode {
  const t = text.value
  const p = pageTexts.value
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
        <h1>{isUnreachable ? t.unreachable : p.signInTitle}</h1>
        {isUnreachable ? (
          <>
            <p>{session.problem.value !== null && <Said of={session.problem.value} />}</p>
            <p>
              <button type="button" class="button" onClick={() => void session.refresh()}>
                {t.tryAgain}
              </button>
            </p>
          </>
        ) : (
          <>
            <p>{p.signInText}</p>
            <SignInForm />
          </>
        )}
      </div>
    </main>
  )
}

export function SignInDialog(): VNode {
  const p = pageTexts.value
  return (
    <Dialog title={p.signInTitle} isFirm onClose={() => {}}>
      <p>{p.sessionEnded}</p>
      <p>{p.signInText}</p>
      <SignInForm />
    </Dialog>
  )
}

function SignInForm(): VNode {
  const { session } = useApp()
  const t = text.value
  const p = pageTexts.value
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
        <Notice tone="err">
          <Said of={problemOf(problem)} />
        </Notice>
      )}
      <div class="field">
        <label for="token">{p.signInLabel}</label>
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

function problemOf(problem: AppError): Sayable {
  const p = pageTexts.value
  if (problem.code === 'bad-token') return p.signInUsed
  if (problem.code === 'too-many-requests') return p.signInWait
  return problem
}
