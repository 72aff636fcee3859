/** What is typed for the search field before it is there: it goes into the field, and is no key of the page. */

/** Null while nobody waits for the field. */
let typed: string | null = null

export const earlyKeys = {
  /** Somebody wants to type into the field. */
  await(): void {
    typed ??= ''
  },
  /** Whether the key was meant for the field. */
  take({ key, ctrlKey, metaKey, altKey }: KeyPressed): boolean {
    if (typed === null || ctrlKey || metaKey) return false
    if (key === 'Escape') typed = null
    else if (key === 'Backspace') typed = typed.slice(0, -1)
    else if (key.length === 1 && !altKey) typed += key
    else return false
    return true
  },
  get isAwaited(): boolean {
    return typed !== null
  },
  /** The field has the focus, or nobody waits any more. Gives what was typed. */
  end(): string {
    const all = typed ?? ''
    typed = null
    return all
  },
}

type KeyPressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>
