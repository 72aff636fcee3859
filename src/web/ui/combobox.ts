/** Makes a field that is there already a combobox: it keeps the focus, and its keys walk through a list below it. */
import { type Signal, useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'

export type ComboField = HTMLInputElement | HTMLTextAreaElement

export interface ComboOptions {
  /** Id of the listbox; its options have `comboOptionId`. */
  readonly listId: string
  readonly count: number
  /** Puts one into the field. */
  readonly onTake: (at: number) => void
}

export interface Combobox {
  /** Where somebody types; null while nobody does, or has closed the list. */
  readonly caret: Signal<number | null>
  /** Place of the option that Enter takes; -1 for none. */
  readonly chosen: Signal<number>
}

export function comboOptionId(listId: string, at: number): string {
  return `${listId}-${at}`
}

/** First called for where somebody types, then with the options for that: `useComboKeys`. */
export function useCombobox(field: ComboField, listId: string): Combobox {
  const caret = useSignal<number | null>(null)
  const chosen = useSignal(-1)
  useLayoutEffect(() => {
    const look = (event?: Event): void => {
      if (document.activeElement !== field) return
      // The key that has closed the list, or has led here, does not open it as it is let go.
      if (event instanceof KeyboardEvent && ['Escape', 'Tab'].includes(event.key)) return
      // An empty field that merely has the focus, as on a new page, covers nothing with a list.
      if ((event === undefined || event.type === 'focus') && field.value === '') return
      caret.value = field.selectionStart ?? field.value.length
    }
    const type = (): void => {
      chosen.value = -1
      look()
    }
    const leave = (): void => {
      caret.value = null
      chosen.value = -1
    }
    look()
    field.setAttribute('role', 'combobox')
    field.setAttribute('aria-autocomplete', 'list')
    field.setAttribute('aria-controls', listId)
    const listeners = { focus: look, click: look, keyup: look, input: type, blur: leave }
    for (const [name, listener] of Object.entries(listeners)) field.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        field.removeEventListener(name, listener)
      }
      for (const name of comboAttributes) field.removeAttribute(name)
    }
  }, [field, listId, caret, chosen])
  return { caret, chosen }
}

const comboAttributes = [
  'role',
  'aria-autocomplete',
  'aria-controls',
  'aria-expanded',
  'aria-activedescendant',
] as const

export function useComboKeys(
  field: ComboField,
  { caret, chosen }: Combobox,
  options: ComboOptions,
): void {
  const { listId, count } = options
  const isOpen = caret.value !== null && count > 0
  const at = chosen.value
  useLayoutEffect(() => {
    field.setAttribute('aria-expanded', String(isOpen))
    if (isOpen && at >= 0) field.setAttribute('aria-activedescendant', comboOptionId(listId, at))
    else field.removeAttribute('aria-activedescendant')
    document.getElementById(comboOptionId(listId, at))?.scrollIntoView({ block: 'nearest' })
  }, [field, listId, isOpen, at])
  // Keys are for the list that is shown, from the moment in which it is shown.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (caret.value === null || event.isComposing || event.ctrlKey || event.metaKey) return
      if (!act(event.key, { caret, chosen }, options)) return
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    const element: HTMLElement = field
    // Before what the field itself does with its keys.
    element.addEventListener('keydown', press, { capture: true })
    return () => element.removeEventListener('keydown', press, { capture: true })
  })
}

/** True when the key was for the list. */
function act(key: string, { caret, chosen }: Combobox, { count, onTake }: ComboOptions): boolean {
  const at = chosen.value
  if (key === 'Escape') {
    chosen.value = -1
    caret.value = null
    return true
  }
  if (count === 0) return false
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (step !== undefined) {
    // Past the ends stands the field itself, with what was typed.
    const places = count + 1
    chosen.value = ((at + 1 + step + places) % places) - 1
    return true
  }
  const taken = at >= 0 ? at : key === 'Tab' && count === 1 ? 0 : -1
  if (taken < 0 || (key !== 'Enter' && key !== 'Tab')) return false
  onTake(taken)
  return true
}

/** Puts a text in the place of a part of the field, as if it was typed; the cursor stands before its last `back` characters. */
export function fillIn(
  field: ComboField,
  text: string,
  { from, to, back = 0 }: { readonly from: number; readonly to: number; readonly back?: number },
): void {
  field.setRangeText(text, from, to, 'end')
  const caret = from + text.length - back
  field.setSelectionRange(caret, caret)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
