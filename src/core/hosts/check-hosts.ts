/** Checks many hosts, a bounded number at once. */
import { limits } from '../../shared/limits.ts'
import type { HostCheck } from '../../shared/protocol/hosts.ts'
import type { CheckedHost } from './check-host.ts'

/** Each check is given when it is done. Who stops reading ends those that are under way. */
export async function* checkHosts(
  hosts: readonly CheckedHost[],
  check: (host: CheckedHost, signal: AbortSignal) => Promise<HostCheck>,
  signal: AbortSignal,
): AsyncGenerator<HostCheck> {
  const leave = new AbortController()
  const end = (): void => leave.abort(signal.reason)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const waiting = [...hosts]
  const running = new Set<Promise<Done>>()
  const start = (host: CheckedHost): void => {
    const work: Promise<Done> = check(host, leave.signal).then((result) => ({ work, result }))
    running.add(work)
  }
  try {
    for (const host of waiting.splice(0, limits.hostChecksMax)) start(host)
    while (running.size > 0) {
      const { work, result } = await Promise.race(running)
      running.delete(work)
      const [next] = waiting.splice(0, 1)
      if (next !== undefined) start(next)
      yield result
    }
  } finally {
    signal.removeEventListener('abort', end)
    leave.abort()
    await Promise.allSettled(running)
  }
}

interface Done {
  readonly work: Promise<Done>
  readonly result: HostCheck
}
