/** Writes a new saved command, or changes one that is there. */
import { type Signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { text } from '../../i18n/text.ts'
import { Field } from '../../ui/field.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { EditorHow } from './editor-how.tsx'
import { EditorParameters } from './editor-parameters.tsx'
import { EditorSource } from './editor-source.tsx'
import { RemoveSaved } from './remove-saved.tsx'
import { commandOf, draftOf, emptyDraft, type SavedDraft } from './saved-draft.ts'
import { loadSaved, savedApi } from './saved-list.ts'
import '../../ui/list-page.css'
import './editor.css'

export function Editor({ command }: { readonly command: StoredCommand | null }): VNode {
  const app = useApp()
  const s = savedText.value
  const draft = useSignal<SavedDraft>(command === null ? emptyDraft : draftOf(command))
  const problem = useProblem()
  const title = command?.name ?? s.newTitle
  useEffect(() => {
    document.title = `${title} · Farglass`
  }, [title])
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const isSaved = await problem.once(async () => {
      const { name } = await savedApi(app).put(
        commandOf(draft.value, command),
        command?.version ?? 0,
      )
      await loadSaved(app)
      app.say(savedText.value.saved(name))
      app.router.go('/saved')
    })
    if (!isSaved) document.querySelector('.editor-foot')?.scrollIntoView({ block: 'nearest' })
  }
  return (
    <main class="page list-page saved-page">
      <nav class="saved-crumbs">
        <a href="/saved">{s.title}</a>
      </nav>
      <h1>{title}</h1>
      <form class="editor" autocomplete="off" noValidate onSubmit={(event) => void save(event)}>
        <Words draft={draft} isNew={command === null} />
        <EditorSource draft={draft} />
        <EditorParameters draft={draft} />
        <EditorHow draft={draft} />
        <Problem of={problem} />
        <Foot command={command} />
      </form>
    </main>
  )
}

function Words({
  draft,
  isNew,
}: {
  readonly draft: Signal<SavedDraft>
  readonly isNew: boolean
}): VNode {
  const s = savedText.value
  const set = (change: Partial<SavedDraft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const { name, description, tags, target } = draft.value
  return (
    <fieldset class="editor-part">
      {isNew && (
        <Field
          label={s.name}
          help={s.nameHelp}
          value={name}
          isCode
          onType={(typed) => set({ name: typed })}
        />
      )}
      <Field
        label={s.description}
        value={description}
        rows={2}
        onType={(typed) => set({ description: typed })}
      />
      <div class="editor-pair">
        <Field
          label={s.target}
          help={s.targetHelp}
          value={target}
          onType={(typed) => set({ target: typed })}
        />
        <Field
          label={s.tags}
          help={s.tagsHelp}
          value={tags}
          onType={(typed) => set({ tags: typed })}
        />
      </div>
    </fieldset>
  )
}

function Foot({ command }: { readonly command: StoredCommand | null }): VNode {
  const s = savedText.value
  const isRemoving = useSignal(false)
  return (
    <div class="editor-foot">
      {command !== null && (
        <button
          type="button"
          class="button danger"
          onClick={() => {
            isRemoving.value = true
          }}
        >
          {s.remove}
        </button>
      )}
      <span class="spacer" />
      <a class="button" href="/saved">
        {text.value.cancel}
      </a>
      <button type="submit" class="button primary">
        {s.save}
      </button>
      {command !== null && isRemoving.value && (
        <RemoveSaved
          command={command}
          onClose={() => {
            isRemoving.value = false
          }}
        />
      )}
    </div>
  )
}
