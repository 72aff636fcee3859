/** The RemoteHosts port without a network: every destination is a real local shell. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectRequest, RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { endDurableRuns } from './durable-runs.ts'
import { type LocalHost, localHost } from './local-host.ts'

export interface LocalHosts extends RemoteHosts {
  /** Connections so far, oldest first. */
  readonly connected: readonly LocalHost[]
  /** Where durable runs keep their directories. */
  readonly stateHome: string
}

/** `onConnect` may throw what a connection would, or ask what ssh would. */
export function localHosts(
  onConnect: (request: ConnectRequest, signal: AbortSignal) => Promise<void> = async () => {},
): LocalHosts {
  const connected: LocalHost[] = []
  const stateHome = mkdtempSync(join(tmpdir(), 'fg-state-'))
  stateHomes.add(stateHome)
  return {
    connected,
    stateHome,
    async connect(request, signal) {
      await onConnect(request, signal)
      const host = localHost(['dash'], { XDG_STATE_HOME: stateHome })
      connected.push(host)
      return host
    },
    async [Symbol.asyncDispose]() {
      for (const host of connected) await host[Symbol.asyncDispose]()
      endDurableRuns(stateHome)
      stateHomes.delete(stateHome)
    },
  }
}

const stateHomes = new Set<string>()
process.on('exit', () => {
  for (const stateHome of stateHomes) endDurableRuns(stateHome)
})
