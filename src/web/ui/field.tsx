/** A labelled field of the editor: one line, or several. */
import type { VNode } from 'preact'
import { useId } from 'preact/hooks'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onType: (typed: string) => void
  readonly help?: string
  readonly example?: string
  readonly isCode?: boolean
  /** More than one line. */
  readonly rows?: number
  readonly isNumber?: boolean
}

export function Field(props: FieldProps): VNode {
  const { label, value, onType, help, example, isCode = false, rows, isNumber = false } = props
  const id = useId()
  const common = {
    id,
    class: isCode ? 'input mono' : 'input',
    value,
    placeholder: example,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    'aria-describedby': help === undefined ? undefined : `${id}-help`,
  } as const
  return (
    <div class="field saved-field">
      <label for={id}>{label}</label>
      {rows === undefined ? (
        <input
          {...common}
          inputMode={isNumber ? 'decimal' : 'text'}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      ) : (
        <textarea {...common} rows={rows} onInput={(event) => onType(event.currentTarget.value)} />
      )}
      {help !== undefined && (
        <p id={`${id}-help`} class="saved-help">
          {help}
        </p>
      )}
    </div>
  )
}

export interface SelectFieldProps<T extends string> {
  readonly label: string
  readonly options: readonly (readonly [value: T, word: string])[]
  readonly chosen: T
  readonly onChoose: (value: T) => void
}

export function SelectField<T extends string>(props: SelectFieldProps<T>): VNode {
  const { label, options, chosen, onChoose } = props
  const id = useId()
  return (
    <div class="field saved-field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={chosen}
        onChange={(event) => {
          const found = options.find(([value]) => value === event.currentTarget.value)
          if (found !== undefined) onChoose(found[0])
        }}
      >
        {options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </div>
  )
}

export interface CheckProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

export function Check({ label, isOn, onChange }: CheckProps): VNode {
  return (
    <label class="saved-check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  )
}
