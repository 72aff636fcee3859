/** The shared worker of all tabs of this browser: each comes with a port, and reads one run by it. */
import { createHttpApi } from '../../../client/http-api.ts'
import { nameHeader, requestHeader } from '../../../shared/protocol/session.ts'
import type { TabMessage } from './hub-messages.ts'
import type { TabId } from './hub-state.ts'
import { StreamHub } from './stream-hub.ts'

const ports = new Map<TabId, MessagePort>()
let name = ''
const headers = () => ({ [requestHeader]: '1', ...nameHeader(name) })
const api = createHttpApi({ baseUrl: '', headers })
const hub = new StreamHub(api, (tab, message) => ports.get(tab)?.postMessage(message))
let lastTab: TabId = 0

globalThis.addEventListener('connect', (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined
  if (port === undefined) return
  const tab = ++lastTab
  ports.set(tab, port)
  // Only pages of our own origin reach this worker, by the type that both sides share.
  port.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => take(tab, data))
  port.start()
})

function take(tab: TabId, message: TabMessage): void {
  switch (message.kind) {
    case 'join': {
      const { lock, name: given, ...place } = message
      name = given
      hub.take({ ...place, tab })
      if (lock !== null) void leaveWithTab(tab, lock)
      return
    }
    case 'taken':
      hub.take({ ...message, tab })
      return
    case 'leave':
      leave(tab)
  }
}

/** A tab that crashes says no word: but its lock is free then. */
async function leaveWithTab(tab: TabId, lock: string): Promise<void> {
  await navigator.locks.request(lock, () => leave(tab))
}

function leave(tab: TabId): void {
  hub.take({ kind: 'leave', tab })
  ports.get(tab)?.close()
  ports.delete(tab)
}
