/** One host over the RemoteHosts port, whose programs are found first in a directory of the test's. */
import type { RemoteHosts } from '../../src/core/remote/remote-host.ts'
import { type LocalHost, localHost } from './local-host.ts'

export interface PathHosts extends RemoteHosts {
  /** Cuts the newest session. */
  cut(): void
  /** Sessions so far. */
  opened(): number
}

/** `path` is the whole PATH of the host. */
export function hostsWith(path: string, shell: readonly string[] = ['dash']): PathHosts {
  const connected: LocalHost[] = []
  return {
    connect() {
      const host = localHost(shell, { PATH: path })
      connected.push(host)
      return Promise.resolve(host)
    },
    cut: () => connected.at(-1)?.sessions.at(-1)?.cut(),
    opened: () => connected.reduce((sum, { sessions }) => sum + sessions.length, 0),
    async [Symbol.asyncDispose]() {
      for (const host of connected) await host[Symbol.asyncDispose]()
    },
  }
}
