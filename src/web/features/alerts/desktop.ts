/**
 * Notifications of this browser for alerts that ask for them. Of its tabs one looks, by a lock that the
 * browser itself gives: so each firing is shown once.
 */
import { type Signal, signal } from '@preact/signals'
import { wait } from '../../../client/wait.ts'
import type { Listing } from '../../../shared/listing.ts'
import type { Alert, FiringNote } from '../../../shared/protocol/alerts.ts'
import type { AppModel } from '../../app/app-model.ts'
import { automationApi } from './automation-lists.ts'
import { newFirings } from './new-firings.ts'

const key = 'farglass-desktop'
const lookEveryMs = 5_000

/** Whether this browser shows them. */
export const showsDesktop: Signal<boolean> = signal(isKept() && isAllowed())

let leave: AbortController | null = null

/** Asks the browser for leave; gives whether it has it now. Only by a click. */
export async function switchDesktop(app: AppModel, isOn: boolean): Promise<boolean> {
  const isGiven =
    isOn && 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted'
  keep(isGiven)
  showsDesktop.value = isGiven
  if (isGiven) watchFirings(app)
  else leave?.abort()
  return isGiven
}

/** Until it is switched off. Nothing happens in a browser that shows none. */
export function watchFirings(app: AppModel): void {
  if (!showsDesktop.value || (leave !== null && !leave.signal.aborted)) return
  leave = new AbortController()
  const { signal: over } = leave
  const look = (): Promise<void> => lookOn(app, over)
  if ('locks' in navigator) {
    void navigator.locks.request(key, { signal: over }, look).catch(() => {})
  } else void look()
}

async function lookOn(app: AppModel, over: AbortSignal): Promise<void> {
  let seen: ReadonlySet<string> | null = null
  while (!over.aborted) {
    const alerts = await automationApi(app)
      .alerts.list()
      .catch((): Listing<Alert> | null => null)
    if (alerts !== null) {
      const found = newFirings(alerts.items, seen)
      seen = found.seen
      for (const firing of found.fresh) show(firing, app)
    }
    await wait(lookEveryMs, over)
  }
}

function show({ id, title, path }: FiringNote, app: AppModel): void {
  const notification = new Notification(title, { tag: id })
  notification.addEventListener('click', () => {
    globalThis.focus()
    app.router.go(path)
    notification.close()
  })
}

function isAllowed(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'granted'
}

function isKept(): boolean {
  try {
    return localStorage.getItem(key) === 'on'
  } catch {
    return false
  }
}

function keep(isOn: boolean): void {
  try {
    localStorage.setItem(key, isOn ? 'on' : 'off')
  } catch {
    // A browser that keeps nothing forgets it with this page.
  }
}
