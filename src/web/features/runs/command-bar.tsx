/** Where a run begins: hosts, command, how the output is read, Run. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import type { ReadMode } from '../../app/app-model.ts'
import { commandKey } from '../../app/use-keys.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { TargetField } from './target-field.tsx'
import './command-bar.css'

const modes: readonly ReadMode[] = ['durable', 'merged', 'plain', 'pty']

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
    draft.problem.value = missing === 'target' ? t.needTarget : t.needCommand
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
      <form id="run-form" class="command-form" aria-label={t.runForm} onSubmit={submit} noValidate>
        <TargetField />
        <span class="command-prompt" aria-hidden="true">
          $
        </span>
        <CommandField />
        <ModeField />
        <button type="submit" class="button primary command-run">
          {t.run}
          <span class="command-keys" aria-hidden="true">
            {commandKey === '⌘' ? '⌘↵' : 'Ctrl ↵'}
          </span>
        </button>
      </form>
      {problem !== null && (
        <p id="run-problem" class="command-problem" role="alert">
          <Icon name="warn" />
          {problem}
        </p>
      )}
    </header>
  )
}

/** Several lines by Shift+Enter; a single-line field would join the lines of a paste. */
function CommandField(): VNode {
  const { draft } = useApp()
  const t = text.value
  const problem = draft.problem.value
  return (
    <textarea
      id="command"
      rows={1}
      class="command-input mono"
      aria-label={t.command}
      placeholder={t.commandPlaceholder}
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
  )
}

function ModeField(): VNode {
  const { draft } = useApp()
  const t = text.value
  return (
    <span class="command-mode">
      <select
        aria-label={t.mode}
        title={t.modes[draft.mode.value]}
        value={draft.mode.value}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          draft.mode.value = modes.find((mode) => mode === chosen) ?? 'durable'
        }}
      >
        {modes.map((mode) => (
          <option key={mode} value={mode} title={t.modes[mode]}>
            {t.modeShort[mode]}
          </option>
        ))}
      </select>
      <Icon name="chevron" />
    </span>
  )
}
