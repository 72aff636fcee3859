/** The parameters of a saved command, one under the other. */
import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { savedText } from '../../i18n/saved-text.ts'
import { Check, Field, SelectField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { emptyParameter, type ParameterDraft, parameterKinds } from './parameter-draft.ts'
import type { SavedDraft } from './saved-draft.ts'

export function EditorParameters({ draft }: { readonly draft: Signal<SavedDraft> }): VNode {
  const s = savedText.value
  const { parameters } = draft.value
  const set = (changed: readonly ParameterDraft[]): void => {
    draft.value = { ...draft.value, parameters: changed }
  }
  return (
    <fieldset class="editor-part">
      <legend>{s.parameters}</legend>
      {parameters.length === 0 && <p class="saved-help">{s.parametersNone}</p>}
      {parameters.map((parameter) => (
        <ParameterRow
          key={parameter.key}
          parameter={parameter}
          onChange={(change) =>
            set(
              parameters.map((each) =>
                each.key === parameter.key ? { ...each, ...change } : each,
              ),
            )
          }
          onRemove={() => set(parameters.filter(({ key }) => key !== parameter.key))}
        />
      ))}
      <button
        type="button"
        class="button small editor-add"
        onClick={() => set([...parameters, emptyParameter()])}
      >
        <Icon name="plus" />
        {s.addParameter}
      </button>
    </fieldset>
  )
}

interface RowProps {
  readonly parameter: ParameterDraft
  readonly onChange: (change: Partial<ParameterDraft>) => void
  readonly onRemove: () => void
}

function ParameterRow({ parameter, onChange, onRemove }: RowProps): VNode {
  const s = savedText.value
  const { name, kind, label, required } = parameter
  return (
    <div class="editor-parameter" role="group" aria-label={name === '' ? s.parameters : name}>
      <div class="editor-row">
        <Field
          label={s.parameterName}
          value={name}
          isCode
          onType={(typed) => onChange({ name: typed })}
        />
        <SelectField
          label={s.parameterKind}
          options={parameterKinds.map((each) => [each, s.kinds[each]] as const)}
          chosen={kind}
          onChoose={(chosen) => onChange({ kind: chosen })}
        />
        <Field
          label={s.parameterLabel}
          value={label}
          onType={(typed) => onChange({ label: typed })}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={s.removeParameter(name)}
          title={s.removeParameter(name)}
          onClick={onRemove}
        >
          <Icon name="remove" />
        </button>
      </div>
      <Own parameter={parameter} onChange={onChange} />
      {kind !== 'per-host' && (
        <Check
          label={s.parameterRequired}
          isOn={required}
          onChange={(isOn) => onChange({ required: isOn })}
        />
      )}
    </div>
  )
}

/** What only this kind has, and the value that it has without being given. */
function Own({ parameter, onChange }: Omit<RowProps, 'onRemove'>): VNode | null {
  const s = savedText.value
  const { kind, usual, pattern, choices, values } = parameter
  const usualField = (
    <Field
      label={s.parameterDefault}
      value={usual}
      isNumber={kind === 'number'}
      onType={(typed) => onChange({ usual: typed })}
    />
  )
  switch (kind) {
    case 'secret':
      return <p class="saved-help">{s.secretHelp}</p>
    case 'choice':
      return (
        <div class="editor-pair">
          <Field
            label={s.choices}
            help={s.choicesHelp}
            value={choices}
            rows={3}
            onType={(typed) => onChange({ choices: typed })}
          />
          {usualField}
        </div>
      )
    case 'per-host':
      return (
        <div class="editor-pair">
          <Field
            label={s.values}
            help={s.valuesHelp}
            value={values}
            rows={3}
            isCode
            onType={(typed) => onChange({ values: typed })}
          />
          {usualField}
        </div>
      )
    case 'text':
      return (
        <div class="editor-pair">
          <Field
            label={s.pattern}
            help={s.patternHelp}
            value={pattern}
            isCode
            onType={(typed) => onChange({ pattern: typed })}
          />
          {usualField}
        </div>
      )
    case 'number':
      return <NumberFields parameter={parameter} onChange={onChange} usualField={usualField} />
  }
}

function NumberFields({
  parameter: { least, most, whole },
  onChange,
  usualField,
}: Omit<RowProps, 'onRemove'> & { readonly usualField: VNode }): VNode {
  const s = savedText.value
  return (
    <>
      <div class="editor-thirds">
        <Field
          label={s.least}
          value={least}
          isNumber
          onType={(typed) => onChange({ least: typed })}
        />
        <Field label={s.most} value={most} isNumber onType={(typed) => onChange({ most: typed })} />
        {usualField}
      </div>
      <Check label={s.whole} isOn={whole} onChange={(isOn) => onChange({ whole: isOn })} />
    </>
  )
}
