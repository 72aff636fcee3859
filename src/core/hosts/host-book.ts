/** The hosts that are known here, what ssh makes of one, and whether the way to it works. */
import { parseDestination } from '../../shared/destination.ts'
import { limits } from '../../shared/limits.ts'
import type { CompletionRequest, Completions } from '../../shared/protocol/completion.ts'
import type { HostCheck, HostDetails, HostEntry, HostList } from '../../shared/protocol/hosts.ts'
import type { Clock } from '../clock.ts'
import type { RemoteHosts } from '../remote/remote-host.ts'
import type { RunService } from '../runs/run-service.ts'
import { checkHost } from './check-host.ts'
import { completeSource } from './complete-source.ts'
import type { HostView } from './host-view.ts'

export interface HostBook {
  /** Those of ssh_config first, then those of the newest runs, each once. */
  list(): Promise<HostList>
  /** Any destination, named anywhere or not. Rejects with `bad-target`. */
  get(name: string): Promise<HostDetails>
  /** Goes the way to it step by step. What goes wrong there is told, not thrown. Rejects with `bad-target`. */
  check(name: string, signal: AbortSignal): Promise<HostCheck>
  /** What the host has that goes on with what was typed. Rejects with why it cannot be asked. */
  complete(name: string, request: CompletionRequest, signal: AbortSignal): Promise<Completions>
}

export interface HostBookParts {
  readonly view: HostView
  readonly hosts: RemoteHosts
  readonly runs: Pick<RunService, 'list'>
  readonly clock: Clock
  readonly newNonce: () => string
}

export function createHostBook(parts: HostBookParts): HostBook {
  const list = () => listHosts(parts)
  return {
    list,
    get: async (name) => {
      const destination = parseDestination(name)
      const [{ hosts }, ssh] = await Promise.all([list(), parts.view.settings(destination)])
      const known = hosts.find((host) => host.name === name)
      return { ...(known ?? { name, config: null, lastRun: null }), ssh }
    },
    check: (name, signal) => checkHost(parts, parseDestination(name), signal),
    complete: (name, request, signal) =>
      completeSource(parts, parseDestination(name), { request, signal }),
  }
}

async function listHosts({ view, runs }: HostBookParts): Promise<HostList> {
  const [configured, newest] = await Promise.all([
    view.configured(),
    runs.list({ limit: limits.runsPageMax }),
  ])
  const lastRuns = new Map<string, HostEntry['lastRun']>()
  for (const { id, createdAt, tasks } of newest) {
    for (const { host } of tasks) {
      if (!lastRuns.has(host)) lastRuns.set(host, { id, createdAt })
    }
  }
  const named = configured.map(({ name, config }): HostEntry => {
    const lastRun = lastRuns.get(name) ?? null
    lastRuns.delete(name)
    return { name, config, lastRun }
  })
  const others = [...lastRuns].map(
    ([name, lastRun]): HostEntry => ({ name, config: null, lastRun }),
  )
  return { hosts: [...named, ...others], runs: newest.length }
}
