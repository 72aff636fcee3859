/**
 * Notifications of this browser for alerts that ask for them, as they fire. Of its tabs one listens, by a
 * lock that the browser itself gives, and the next one goes on from its place: so each is shown once.
 */
import { type Signal, signal } from '@preact/signals'
import type { FiringNote } from '../../../shared/protocol/alerts.ts'
import type { AppModel } from '../../app/app-model.ts'
import { automationApi } from './automation-lists.ts'
import { keepPlace, keptPlace } from './firing-place.ts'

const key = 'farglass-desktop'

/** Whether this browser shows them. */
export const showsDesktop: Signal<boolean> = signal(isKept() && isAllowed())

let listening: AbortController | null = null
let isHeeded = false

/** Asks the browser for leave; gives whether it has it now. Only by a click. */
export async function switchDesktop(app: AppModel, isOn: boolean): Promise<boolean> {
  const isGiven = isOn && isAble() && (await Notification.requestPermission()) === 'granted'
  keep(isGiven)
  change(app, isGiven)
  return isGiven
}

/** Until it is switched off, in this tab or another one. Nothing happens in a browser that shows none. */
export function watchFirings(app: AppModel): void {
  if (showsDesktop.value) begin(app)
  if (isHeeded) return
  isHeeded = true
  globalThis.addEventListener('storage', ({ key: changed, newValue }) => {
    if (changed === key) change(app, newValue === 'on' && isAllowed())
  })
}

function change(app: AppModel, isOn: boolean): void {
  showsDesktop.value = isOn
  if (isOn) begin(app)
  else listening?.abort()
}

function begin(app: AppModel): void {
  if (listening !== null && !listening.signal.aborted) return
  const own = new AbortController()
  listening = own
  void listenInTurn(app, own.signal)
    // Signed out, or switched off: it begins again with the next sign-in, or the next click.
    .catch(() => {})
    .finally(() => {
      if (listening === own) listening = null
    })
}

async function listenInTurn(app: AppModel, over: AbortSignal): Promise<void> {
  const { locks } = navigator
  const wasFree = await locks.request(key, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false
    // Nobody has listened: what fired while no page was open is history, but not during a reload.
    await listen(app, keptPlace({ isFresh: true }), over)
    return true
  })
  if (wasFree || over.aborted) return
  await locks.request(key, { signal: over }, () => listen(app, keptPlace({ isFresh: false }), over))
}

async function listen(app: AppModel, from: number | null, over: AbortSignal): Promise<void> {
  let place = from
  const leave = (): void => keepPlace(place)
  globalThis.addEventListener('pagehide', leave)
  try {
    for await (const news of automationApi(app).alerts.watch(from, over)) {
      if (news.kind === 'lost') continue
      for (const firing of news.firings.filter(({ desktop }) => desktop)) show(firing, app)
      place = news.next
      keepPlace(place)
    }
  } finally {
    globalThis.removeEventListener('pagehide', leave)
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

/** Where browsers give leave for notifications, they give locks as well: pages that came over TLS, or from this machine. */
function isAble(): boolean {
  return 'Notification' in globalThis && 'locks' in navigator
}

function isAllowed(): boolean {
  return isAble() && Notification.permission === 'granted'
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
