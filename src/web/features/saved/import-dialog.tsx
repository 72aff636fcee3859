/** Takes saved commands as YAML, typed or from a file: all of them, or none. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useId } from 'preact/hooks'
import { useApp } from '../../app/app-context.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { text } from '../../i18n/text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Problem, useProblem } from '../../ui/problem.tsx'
import { loadSaved, savedApi } from './saved-list.ts'

export function ImportDialog({ onClose }: { readonly onClose: () => void }): VNode {
  const app = useApp()
  const s = savedText.value
  const id = useId()
  const yaml = useSignal('')
  const problem = useProblem()
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    const isStored = await problem.once(async () => {
      const stored = await savedApi(app).importYaml(yaml.value)
      await loadSaved(app)
      app.say(s.imported(stored.length))
    })
    if (isStored) onClose()
  }
  const take = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) yaml.value = await file.text()
  }
  return (
    <Dialog title={s.importTitle} kind="wide" onClose={onClose}>
      <form class="saved-form" onSubmit={(event) => void send(event)}>
        <p>{s.importText}</p>
        <div class="field saved-field">
          <label for={id}>{s.importField}</label>
          <textarea
            id={id}
            class="input mono saved-yaml"
            rows={12}
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            data-first-focus
            value={yaml.value}
            onInput={(event) => {
              yaml.value = event.currentTarget.value
            }}
          />
        </div>
        <Problem of={problem} />
        <div class="dialog-actions">
          <label class="button saved-file">
            {s.importFile}
            <input
              type="file"
              accept=".yaml,.yml,.json"
              class="hidden-visually"
              onChange={(event) => void take(event.currentTarget.files?.[0])}
            />
          </label>
          <button type="button" class="button" onClick={onClose}>
            {text.value.cancel}
          </button>
          <button type="submit" class="button primary" disabled={yaml.value.trim() === ''}>
            {s.importYaml}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
