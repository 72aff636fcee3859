/** The frame of each editor: title, form, why it was refused, and its buttons. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { AppError } from '../../../shared/errors.ts'
import { useApp } from '../../app/app-context.ts'
import { alertsText } from '../../i18n/alerts-text.ts'
import type { Tab } from '../../i18n/en-alerts.ts'
import { text } from '../../i18n/text.ts'
import { Notice } from '../../ui/notice.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { RemoveDialog } from '../../ui/remove-dialog.tsx'
import { automationApi, loadAutomation, tabPath } from './automation-lists.ts'
import '../../ui/list-page.css'
import '../saved/editor.css'

export interface EditorFrameProps {
  readonly tab: Tab
  /** Null for a new one. */
  readonly name: string | null
  /** Stores it and gives its name; false: the editor stays open. Somebody may have agreed to what is to be confirmed. */
  readonly save: (sure: { readonly confirm?: true }) => Promise<string | false>
  readonly children: ComponentChildren
}

export function EditorFrame({ tab, name, save, children }: EditorFrameProps): VNode {
  const app = useApp()
  const s = alertsText.value
  const problem = useProblem()
  const question = useSignal<string | null>(null)
  const title = name ?? s.newTitle[tab]
  useEffect(() => {
    document.title = `${title} · Farglass`
  }, [title])
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const isDone = await problem.once(async () => {
      const sure = question.value === null ? {} : { confirm: true as const }
      question.value = null
      const saved = await save(sure).catch((thrown: unknown) => {
        question.value = questionIn(thrown)
        return false as const
      })
      if (saved === false) return
      await loadAutomation(app)
      app.say(alertsText.value.saved(saved))
      app.router.go(tabPath(tab))
    })
    if (!isDone) document.querySelector('.editor-foot')?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <main class="page list-page saved-page">
      <nav class="saved-crumbs">
        <a href={tabPath(tab)}>{s.tabs[tab]}</a>
      </nav>
      <h1>{title}</h1>
      <form
        class="editor"
        autocomplete="off"
        noValidate
        onSubmit={(event) => void submit(event)}
        onInput={() => {
          question.value = null
        }}
      >
        {children}
        <Problem of={problem} />
        {question.value !== null && <Notice tone="warn">{displayText(question.value)}</Notice>}
        <div class="editor-foot">
          {name !== null && <RemoveButton tab={tab} name={name} />}
          <span class="spacer" />
          <a class="button" href={tabPath(tab)}>
            {text.value.cancel}
          </a>
          <button type="submit" class="button primary">
            {question.value === null ? s.save : s.saveConfirmed}
          </button>
        </div>
      </form>
    </main>
  )
}

/** What is to be confirmed. Throws what went wrong otherwise. */
function questionIn(thrown: unknown): string {
  if (thrown instanceof AppError && thrown.code === 'confirmation-needed') return thrown.message
  throw thrown
}

function RemoveButton({ tab, name }: { readonly tab: Tab; readonly name: string }): VNode {
  const app = useApp()
  const s = alertsText.value
  const isAsking = useSignal(false)
  const remove = async (): Promise<void> => {
    await automationApi(app)[tab].remove(name)
    await loadAutomation(app)
    app.say(alertsText.value.removed(name))
    app.router.go(tabPath(tab))
  }
  const ask = (isAsked: boolean) => (): void => {
    isAsking.value = isAsked
  }
  return (
    <>
      <button type="button" class="button danger" onClick={ask(true)}>
        {s.remove}
      </button>
      {isAsking.value && (
        <RemoveDialog
          title={s.removeTitle(name)}
          word={s.remove}
          onRemove={remove}
          onClose={ask(false)}
        >
          <p>{s.removeText}</p>
        </RemoveDialog>
      )}
    </>
  )
}
