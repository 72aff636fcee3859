/** A button that opens a choice: the browser's own menu, so keyboard, touch and screen readers need no script. */
import type { VNode } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './menu-button.css'

export interface MenuButtonProps<Value extends string> {
  /** How the button looks. */
  readonly look: string
  readonly icon: IconName
  /** What stands on it; its accessible name is `label`. */
  readonly word: string
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly text: string }[]
  /** Something else than usual is chosen. */
  readonly isOn: boolean
  readonly onChoose: (value: Value) => void
}

export function MenuButton<Value extends string>(props: MenuButtonProps<Value>): VNode {
  const { look, icon, word, label, value, options, isOn, onChoose } = props
  const choose = (text: string): void => {
    const chosen = options.find((option) => option.value === text)
    if (chosen !== undefined) onChoose(chosen.value)
  }
  return (
    <label class={`${look} menu-button${isOn ? ' on' : ''}`}>
      <Icon name={icon} />
      <span aria-hidden="true">{word}</span>
      <select
        aria-label={label}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  )
}
