/** The questions of the run in view, one dialog after the other; answered elsewhere, a dialog closes. */
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { toAppError } from '../../../shared/errors.ts'
import type { Answer } from '../../../shared/question.ts'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { type OpenQuestion, openQuestions } from '../runs/open-questions.ts'
import './questions.css'

const HostKeyDialog = lazy(async () => (await import('./host-key-dialog.tsx')).HostKeyDialog)
const SecretDialog = lazy(async () => (await import('./secret-dialog.tsx')).SecretDialog)

export function Questions(): VNode | null {
  const app = useApp()
  const model = app.current.value
  const open = openQuestions(model?.run.value ?? null)
  const first = open[0]
  const key = first === undefined ? null : keyOf(first)
  const answered = useRef(new Set<string>())
  useTellElsewhere(key, answered.current)
  if (first === undefined || model === null || key === null) return null
  const send = (answer: Answer): void => {
    answered.current.add(key)
    app.api.answer(model.id, first.task, answer).catch((thrown: unknown) => {
      answered.current.delete(key)
      app.say(toAppError(thrown))
    })
  }
  const { question, host } = first
  const more = open.length - 1
  return question.kind === 'host-key' ? (
    <HostKeyDialog key={key} host={host} question={question} more={more} onAnswer={send} />
  ) : (
    <SecretDialog key={key} host={host} question={question} more={more} onAnswer={send} />
  )
}

/** Says so when a question disappears that this page did not answer. */
function useTellElsewhere(key: string | null, answered: ReadonlySet<string>): void {
  const app = useApp()
  const before = useRef<string | null>(null)
  const runId = app.current.value?.id ?? null
  const runBefore = useRef(runId)
  useEffect(() => {
    const gone = before.current
    const isSameRun = runBefore.current === runId
    before.current = key
    runBefore.current = runId
    if (gone !== null && gone !== key && isSameRun && !answered.has(gone)) {
      app.say(text.value.answeredElsewhere)
    }
  }, [key, runId, answered, app])
}

function keyOf({ task, question }: OpenQuestion): string {
  return `${task} ${question.id}`
}
