/** The options of a combobox. */
import type { VNode } from 'preact'
import { comboOptionId } from './combobox.ts'
import './combo-list.css'

export interface ComboListProps {
  readonly id: string
  readonly label: string
  readonly options: readonly { readonly text: string; readonly more: string }[]
  readonly chosen: number
  readonly onTake: (at: number) => void
}

export function ComboList({ id, label, options, chosen, onTake }: ComboListProps): VNode {
  return (
    <div id={id} role="listbox" class="combo-list" aria-label={label}>
      {options.map(({ text, more }, at) => (
        // The field has the focus and its keys; a press must not take it away.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={text}
          id={comboOptionId(id, at)}
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(at)}
        >
          <span>{text}</span>
          <small>{more}</small>
        </div>
      ))}
    </div>
  )
}
