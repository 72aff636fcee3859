/** The keyboard: single keys while no field has the focus, and the command key everywhere. */
import { useEffect } from 'preact/hooks'
import { canGiveUp } from '../features/runs/away-hosts.ts'
import { logCommands } from '../features/viewer/log-commands.ts'
import type { AppModel } from './app-model.ts'
import { nextTime, toggleWrap } from './preferences.ts'

const isApple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
/** How the command key is written here. */
export const commandKey: string = isApple ? '⌘' : 'Ctrl'

export function useKeys(app: AppModel): void {
  useEffect(() => {
    let lastKey = ''
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault()
        document.querySelector<HTMLFormElement>('#run-form')?.requestSubmit()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return
      const name = nameOf(event, lastKey)
      lastKey = event.key
      const act = actions[name]
      if (act === undefined || (event.key === ' ' && isPressable(event))) return
      event.preventDefault()
      act(app)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [app])
}

const actions: Readonly<Record<string, (app: AppModel) => void>> = {
  c: () => document.getElementById('command')?.focus(),
  f: ({ current }) => logCommands.toggleFollow(current.value),
  G: ({ current }) => logCommands.end(current.value),
  End: ({ current }) => logCommands.end(current.value),
  gg: ({ current }) => logCommands.start(current.value),
  Home: ({ current }) => logCommands.start(current.value),
  PageUp: () => logCommands.page(-1),
  PageDown: () => logCommands.page(1),
  Space: () => logCommands.page(1),
  'Shift+Space': () => logCommands.page(-1),
  'Shift+ArrowDown': ({ current }) => logCommands.extend(current.value, 1),
  'Shift+ArrowUp': ({ current }) => logCommands.extend(current.value, -1),
  j: ({ current }) => logCommands.move(current.value, 1),
  ArrowDown: ({ current }) => logCommands.move(current.value, 1),
  k: ({ current }) => logCommands.move(current.value, -1),
  ArrowUp: ({ current }) => logCommands.move(current.value, -1),
  w: ({ preferences }) => toggleWrap(preferences),
  t: ({ preferences }) => nextTime(preferences),
  s: ({ current, panel }) => {
    const run = current.value?.run.value ?? null
    if (run === null) return
    const { state } = run
    if (state === 'running' || state === 'queued' || canGiveUp(run)) panel.value = 'stop'
  },
  y: (app) => void logCommands.copyLink(app),
  b: ({ panel }) => {
    if (matchMedia('(max-width: 1180px)').matches) panel.value = 'sidebar'
  },
  i: ({ panel, current }) => {
    if (current.value !== null && matchMedia('(max-width: 1180px)').matches) {
      panel.value = 'inspector'
    }
  },
  '?': ({ panel }) => {
    panel.value = 'keys'
  },
  Escape: ({ current, router }) => {
    if (current.value === null) return
    current.value.selected.value = null
    current.value.anchor.value = null
    logCommands.clearText()
    router.mark('')
  },
}

function nameOf({ key, shiftKey }: KeyboardEvent, lastKey: string): string {
  if (key === ' ') return shiftKey ? 'Shift+Space' : 'Space'
  if (shiftKey && (key === 'ArrowDown' || key === 'ArrowUp')) return `Shift+${key}`
  return lastKey === 'g' && key === 'g' ? 'gg' : key
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Space belongs to the button, link or tab that has the focus. */
function isPressable({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role=tab]') !== null
}
