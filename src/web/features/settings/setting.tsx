/** One setting: its name, what it is for, and how it is chosen. */
import type { ComponentChildren, VNode } from 'preact'
import { useId } from 'preact/hooks'

export interface SettingProps {
  readonly name: string
  readonly help?: string
  /** Gets the ids of the name, and of the help when there is one. */
  readonly children: (ids: { readonly 'aria-labelledby': string }) => ComponentChildren
}

export function Setting({ name, help, children }: SettingProps): VNode {
  const id = useId()
  return (
    <div class="setting">
      <div class="setting-words">
        <span id={id}>{name}</span>
        {help !== undefined && <p>{help}</p>}
      </div>
      {children({ 'aria-labelledby': id })}
    </div>
  )
}

export interface ChoiceProps<T extends string> {
  readonly name: string
  readonly help?: string
  readonly options: readonly (readonly [value: T, word: string])[]
  readonly chosen: T
  readonly onChoose: (value: T) => void
}

/** A few values of which one holds. */
export function Choice<T extends string>(props: ChoiceProps<T>): VNode {
  const { name, help, options, chosen, onChoose } = props
  return (
    <Setting name={name} {...(help !== undefined && { help })}>
      {(ids) => (
        <div class="segments" role="group" {...ids}>
          {options.map(([value, word]) => (
            <button
              type="button"
              key={value}
              aria-pressed={value === chosen}
              onClick={() => onChoose(value)}
            >
              {word}
            </button>
          ))}
        </div>
      )}
    </Setting>
  )
}

export interface SwitchProps {
  readonly name: string
  readonly help?: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

export function Switch({ name, help, isOn, onChange }: SwitchProps): VNode {
  return (
    <Setting name={name} {...(help !== undefined && { help })}>
      {(ids) => (
        <input
          type="checkbox"
          class="switch"
          role="switch"
          aria-checked={isOn}
          checked={isOn}
          {...ids}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )}
    </Setting>
  )
}
