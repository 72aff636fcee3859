/** How a saved command runs: the question before it, its plan, and how long its runs are kept. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { optionsText } from '../../i18n/options-text.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { text } from '../../i18n/text.ts'
import { Check, Field, SelectField } from '../../ui/field.tsx'
import { optionNames } from '../options/run-options.ts'
import type { SavedDraft } from './saved-draft.ts'

const modes = ['durable', 'merged', 'plain', 'pty'] as const

export function EditorHow({ draft }: { readonly draft: Signal<SavedDraft> }): VNode {
  const s = savedText.value
  const o = optionsText.value
  const t = text.value
  const set = (change: Partial<SavedDraft>): void => {
    draft.value = { ...draft.value, ...change }
  }
  const { kind, asks, question, mode, sudo, options, keepDays } = draft.value
  return (
    <>
      <fieldset class="editor-part">
        <legend>{s.before}</legend>
        <Check label={s.asks} isOn={asks} onChange={(isOn) => set({ asks: isOn })} />
        {asks && (
          <Field
            label={s.question}
            example={s.questionExample}
            value={question}
            onType={(typed) => set({ question: typed })}
          />
        )}
      </fieldset>
      <fieldset class="editor-part">
        <legend>{s.how}</legend>
        {kind === 'command' && (
          <>
            <Check label={s.sudo} isOn={sudo} onChange={(isOn) => set({ sudo: isOn })} />
            <SelectField
              label={s.mode}
              options={[
                ['', s.modeUsual] as const,
                ...modes.map((each) => [each, t.modes[each]] as const),
              ]}
              chosen={mode}
              onChoose={(chosen) => set({ mode: chosen })}
            />
          </>
        )}
        <div class="editor-thirds">
          {optionNames.map((name) => (
            <Field
              key={name}
              label={o.fields[name]}
              example={o.examples[name]}
              value={options[name] ?? ''}
              onType={(typed) => set({ options: { ...options, [name]: typed } })}
            />
          ))}
          <Field
            label={s.keepDays}
            example={s.keepUsual}
            value={keepDays}
            isNumber
            onType={(typed) => set({ keepDays: typed })}
          />
        </div>
      </fieldset>
    </>
  )
}
