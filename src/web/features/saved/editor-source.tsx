/** What a saved command reads: a command, files, a unit or a container. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { savedText } from '../../i18n/saved-text.ts'
import { Field, SelectField } from '../../ui/field.tsx'
import { sourceKinds } from '../runs/draft-source.ts'
import type { SavedDraft } from './saved-draft.ts'

export function EditorSource({ draft }: { readonly draft: Signal<SavedDraft> }): VNode {
  const s = savedText.value
  const { kind, source } = draft.value
  const isCommand = kind === 'command'
  return (
    <fieldset class="editor-part editor-source">
      <SelectField
        label={s.source}
        options={sourceKinds.map((each) => [each, s.sources[each]] as const)}
        chosen={kind}
        onChoose={(chosen) => {
          draft.value = { ...draft.value, kind: chosen }
        }}
      />
      <Field
        label={s.sources[kind]}
        help={isCommand ? s.commandHelp : s.followHelp}
        value={source}
        rows={isCommand ? Math.min(14, Math.max(3, source.split('\n').length)) : 1}
        isCode
        onType={(typed) => {
          draft.value = { ...draft.value, source: typed }
        }}
      />
    </fieldset>
  )
}
