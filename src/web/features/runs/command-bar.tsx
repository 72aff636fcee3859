/** Where a run begins: hosts, command, options, Run. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { commandKey } from '../../app/keys.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { onePress } from '../../ui/one-press.ts'
import { Said } from '../../ui/said.tsx'
import { Options, OptionsButton } from '../options/options-button.tsx'
import { sourceKinds } from './draft-source.ts'
import { TargetField } from './target-field.tsx'
import './command-bar.css'

const SourceAssist = lazy(
  async () => (await import('../sources/source-assist.tsx')).SourceAssist,
  'later',
)

export function CommandBar(): VNode {
  const app = useApp()
  const { draft, panel, router } = app
  const t = text.value
  const submit = (event: Event): void => {
    event.preventDefault()
    const missing = draft.target.value.trim() === '' ? 'target' : 'command'
    if (missing === 'command' && draft.command.value.trim() !== '') {
      void app.startRun()
      return
    }
    draft.problem.value = missing === 'target' ? t.needTarget : t.needSource[draft.source.value]
    document.getElementById(missing)?.focus()
  }
  const problem = draft.problem.value
  return (
    <header class="command-bar" data-route={router.route.value.kind}>
      <button
        type="button"
        class="icon-button command-menu"
        aria-label={t.menu}
        onClick={() => {
          panel.value = 'sidebar'
        }}
      >
        <Icon name="menu" />
      </button>
      <form
        id="run-form"
        class="command-form"
        aria-label={t.runForm}
        {...onePress}
        onSubmit={submit}
        noValidate
      >
        <TargetField />
        <SourceField />
        <CommandField />
        {draft.source.value === 'command' && <OptionsButton />}
        <button type="submit" class="button primary command-run">
          {draft.source.value === 'command' ? t.run : t.startFollowing}
          <span class="command-keys" aria-hidden="true">
            {commandKey === '⌘' ? '⌘↵' : 'Ctrl ↵'}
          </span>
        </button>
      </form>
      <Options />
      {problem !== null && (
        <p id="run-problem" class="command-problem" role="alert">
          <Icon name="warn" />
          <Said of={problem} />
        </p>
      )}
    </header>
  )
}

/** What is read on the hosts: a prompt for a command, a word for what is followed. */
function SourceField(): VNode {
  const { draft } = useApp()
  const t = text.value
  const kind = draft.source.value
  return (
    <span class="command-source">
      <span class="command-prompt" aria-hidden="true">
        {kind === 'command' ? '$' : t.sourceShort[kind]}
      </span>
      <Icon name="chevron" />
      <select
        aria-label={t.source}
        title={t.source}
        value={kind}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          draft.source.value = sourceKinds.find((known) => known === chosen) ?? 'command'
          draft.problem.value = null
          document.getElementById('command')?.focus()
        }}
      >
        {sourceKinds.map((known) => (
          <option key={known} value={known}>
            {t.sources[known]}
          </option>
        ))}
      </select>
    </span>
  )
}

/** Several lines by Shift+Enter; a single-line field would join the lines of a paste. */
function CommandField(): VNode {
  const { draft } = useApp()
  const t = text.value
  const problem = draft.problem.value
  const input = useRef<HTMLTextAreaElement>(null)
  const field = useSignal<HTMLTextAreaElement | null>(null)
  useEffect(() => {
    field.value = input.current
  }, [field])
  const kind = draft.source.value
  return (
    <>
      <textarea
        ref={input}
        id="command"
        rows={1}
        class="command-input mono"
        aria-label={t.sources[draft.source.value]}
        placeholder={t.sourcePlaceholder[draft.source.value]}
        value={draft.command.value}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'run-problem'}
        onInput={(event) => {
          draft.command.value = event.currentTarget.value
          draft.problem.value = null
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
          // An Enter that ends the composition of a Chinese word is no Enter for us.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          if (event.ctrlKey || event.metaKey) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      {kind !== 'command' && field.value !== null && (
        <SourceAssist key={kind} field={field.value} kind={kind} />
      )}
    </>
  )
}
