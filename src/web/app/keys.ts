/** Names of keys: what the table of actions calls them, and how they are written for people. */

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
/** How the command key is written here. */
export const commandKey: string = isApple ? '⌘' : 'Ctrl'

/** What of a keyboard event names its key. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'metaKey' | 'ctrlKey' | 'altKey'>

/**
 * The name of what was pressed: `j`, `?`, `Space`, `Shift+ArrowDown`, `Mod+k` with the command key
 * (⌘, elsewhere Ctrl), `g g` for two of them; null for a combination that is nobody's here.
 */
export function keyNameOf(press: KeyPress, lastKey: string): string | null {
  const { key, shiftKey, metaKey, ctrlKey, altKey } = press
  if (altKey) return null
  const name = key === ' ' ? 'Space' : key
  const shift = shiftKey && name.length > 1 ? 'Shift+' : ''
  if (metaKey || ctrlKey) {
    return name.length === 1 && shiftKey ? null : `Mod+${shift}${name}`
  }
  return lastKey === 'g' && key === 'g' ? 'g g' : `${shift}${name}`
}

/** Whether it is a character by itself, as people dictate and mistype: those can be switched off. */
export function isCharacterKey(name: string): boolean {
  return name.split(' ').every((part) => /^.$/u.test(part))
}

/** As it stands on a key: `↓`, `⇧Space`, `⌘K`, `Ctrl K`. */
export function keyLabel(name: string): string {
  const parts = name.split('+')
  const key = parts.at(-1) ?? ''
  const marks = parts.slice(0, -1).map((part) => (part === 'Shift' ? '⇧' : `${commandKey}${gap}`))
  const label = symbols.get(key) ?? (parts.includes('Mod') ? key.toUpperCase() : key)
  return `${marks.join('')}${label}`
}

const gap = isApple ? '' : ' '
const symbols: ReadonlyMap<string, string> = new Map([
  ['ArrowDown', '↓'],
  ['ArrowUp', '↑'],
  ['ArrowLeft', '←'],
  ['ArrowRight', '→'],
  ['PageDown', 'PgDn'],
  ['PageUp', 'PgUp'],
  ['Escape', 'Esc'],
  ['Enter', '↵'],
])
