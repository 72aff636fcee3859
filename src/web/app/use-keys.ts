/** The keyboard: single keys while no field has the focus, and those with the command key everywhere. */
import { useLayoutEffect } from 'preact/hooks'
import { earlyKeys } from '../features/find/early-keys.ts'
import { type Action, actions } from './actions.ts'
import type { AppModel } from './app-model.ts'
import { isCharacterKey, keyNameOf } from './keys.ts'

const byKey: ReadonlyMap<string, Action> = new Map(
  actions.flatMap((action) => action.keys.map((key) => [key, action] as const)),
)

export function useKeys(app: AppModel): void {
  // An effect would come with a later frame, and keys before it would be lost.
  useLayoutEffect(() => {
    let lastKey = ''
    const onKey = (event: KeyboardEvent): void => {
      if (isForField(app, event)) return
      const name = keyNameOf(event, lastKey)
      if (name === null || (!name.startsWith('Mod+') && isTyping(event))) return
      lastKey = event.key
      const action = byKey.get(name)
      if (action === undefined || isSpaceOfOthers(event)) return
      if (isCharacterKey(name) && !app.preferences.singleKeys.value) return
      // What does nothing here is the browser's, as its own search where no run is in view.
      if (action.isPossible?.(app) === false) return
      event.preventDefault()
      if (isPress(event, name)) action.act(app, name)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [app])
}

/** What starts or opens something does so once, however long its key is held. */
function isPress({ repeat }: KeyboardEvent, name: string): boolean {
  return !repeat || !name.startsWith('Mod+')
}

/** The part of the page in which somebody wants to type may still be on the way: what is typed is meant for it. */
function isForField({ palette }: AppModel, event: KeyboardEvent): boolean {
  if (palette.value !== null) return true
  if (isTyping(event) || !earlyKeys.take(event)) return false
  event.preventDefault()
  return true
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Space belongs to the button, link or tab that has the focus. */
function isSpaceOfOthers({ key, target }: KeyboardEvent): boolean {
  return (
    key === ' ' &&
    target instanceof Element &&
    target.closest('button, a, summary, [role=tab]') !== null
  )
}
