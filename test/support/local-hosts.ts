/** The RemoteHosts port without a network: every destination is a real local shell. */
import type { ConnectRequest, RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { type LocalHost, localHost } from './local-host.ts'

export interface LocalHosts extends RemoteHosts {
  /** Hosts connected so far, oldest first. */
  readonly connected: readonly LocalHost[]
}

/** `onConnect` may throw what a connection would, or ask what ssh would. */
export function localHosts(
  onConnect: (request: ConnectRequest, signal: AbortSignal) => Promise<void> = async () => {},
): LocalHosts {
  const connected: LocalHost[] = []
  return {
    connected,
    async connect(request, signal) {
      await onConnect(request, signal)
      const host = localHost(['dash'])
      connected.push(host)
      return host
    },
    async [Symbol.asyncDispose]() {
      for (const host of connected) await host[Symbol.asyncDispose]()
    },
  }
}
