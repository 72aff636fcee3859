/** All saved commands: to be found, started, changed, and exchanged as YAML. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Run } from '../../../shared/run.ts'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { lazy } from '../../ui/lazy.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { UnreadableNotes } from '../../ui/unreadable-notes.tsx'
import { SavedCard } from './saved-card.tsx'
import { loadSaved, savedList, unreadableSaved } from './saved-list.ts'
import { StartDialog } from './start-dialog.tsx'
import '../../ui/list-page.css'
import '../../ui/tool-field.css'
import './saved.css'

const Editor = lazy(async () => (await import('./editor.tsx')).Editor)
const ImportDialog = lazy(async () => (await import('./import-dialog.tsx')).ImportDialog)

export function SavedPage(): VNode {
  const app = useApp()
  const s = savedText.value
  const problem = useProblem()
  const asked = new URLSearchParams(app.router.query.value)
  useEffect(() => {
    document.title = `${s.title} · Farglass`
    void problem.watch(() => loadSaved(app))
  }, [s, app, problem])
  const edited = asked.get('edit')
  const list = savedList.value
  if (edited !== null && list !== null) {
    return <Editor key={edited} command={list.find(({ name }) => name === edited) ?? null} />
  }
  const started = asked.get('run')
  const again = asked.get('again')
  const close = (): void => app.router.ask('', 'no-step')
  return (
    <main class="page list-page saved-page">
      <Head />
      <Problem of={problem} />
      <UnreadableNotes of={unreadableSaved.value} />
      {list !== null && <List commands={list} />}
      {list !== null && started !== null && (
        <Start name={started} again={again} commands={list} onClose={close} />
      )}
    </main>
  )
}

function Head(): VNode {
  const s = savedText.value
  const isImporting = useSignal(false)
  return (
    <div class="saved-head">
      <h1>{s.title}</h1>
      <button
        type="button"
        class="button"
        onClick={() => {
          isImporting.value = true
        }}
      >
        {s.importYaml}
      </button>
      <a class="button" href="/api/v1/commands/export" download="saved-commands.yaml">
        {s.exportYaml}
      </a>
      <a class="button primary" href="/saved?edit=">
        <Icon name="plus" />
        {s.create}
      </a>
      {isImporting.value && (
        <ImportDialog
          onClose={() => {
            isImporting.value = false
          }}
        />
      )}
    </div>
  )
}

function List({ commands }: { readonly commands: readonly StoredCommand[] }): VNode {
  const s = savedText.value
  const typed = useSignal('')
  const wanted = typed.value.trim().toLowerCase()
  const shown = commands.filter((command) => wordsOf(command).includes(wanted))
  if (commands.length === 0) {
    return (
      <div class="saved-empty">
        <b>{s.none}</b>
        <p>{s.noneText}</p>
      </div>
    )
  }
  return (
    <>
      <label class="tool-field saved-filter">
        <Icon name="search" />
        <span class="hidden-visually">{s.filter}</span>
        <input
          type="search"
          placeholder={s.filter}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
      {shown.length === 0 && <p class="saved-none">{s.noneLike}</p>}
      <ul class="saved-cards">
        {shown.map((command) => (
          <SavedCard key={command.name} command={command} />
        ))}
      </ul>
    </>
  )
}

/** What a search looks at. */
function wordsOf({ name, description = '', tags = [], target = '' }: StoredCommand): string {
  return [name, description, target, ...tags].join('\n').toLowerCase()
}

interface StartProps {
  readonly name: string
  /** Id of the run whose values it begins with. */
  readonly again: string | null
  readonly commands: readonly StoredCommand[]
  readonly onClose: () => void
}

function Start({ name, again, commands, onClose }: StartProps): VNode | null {
  const { api } = useApp()
  const before = useSignal<Run | null>(null)
  const isAsked = useSignal(again !== null)
  useEffect(() => {
    if (again === null) return
    void api
      .get(again)
      .then(
        (run) => {
          before.value = run
        },
        // Without it the form begins as usual.
        () => {},
      )
      .finally(() => {
        isAsked.value = false
      })
  }, [again, api, before, isAsked])
  const command = commands.find((each) => each.name === name)
  if (isAsked.value) return null
  if (command !== undefined) {
    return <StartDialog command={command} before={before.value} onClose={onClose} />
  }
  return <Notice tone="warn">{savedText.value.gone}</Notice>
}
