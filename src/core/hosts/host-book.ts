/** The hosts that are known here, what ssh makes of one, and whether the way to it works. */
import { parseDestination } from '../../shared/destination.ts'
import type { CompletionRequest, Completions } from '../../shared/protocol/completion.ts'
import type { AddedHost } from '../../shared/protocol/host-requests.ts'
import type {
  HostCheck,
  HostDetails,
  HostGroups,
  HostList,
  TargetPreview,
} from '../../shared/protocol/hosts.ts'
import type { AddedHosts } from '../inventory/added-hosts.ts'
import { groupsOf } from '../inventory/group-list.ts'
import { previewTarget } from '../inventory/preview-target.ts'
import { hostsOfTarget, taskDestination } from '../runs/run-hosts.ts'
import { type CheckedHost, type CheckParts, checkHost } from './check-host.ts'
import { checkHosts } from './check-hosts.ts'
import { completeSource } from './complete-source.ts'
import { type HostListParts, listHosts, unknownHost } from './host-list.ts'

export interface HostBook {
  /** Those of the inventory, then those of the newest runs, each once. */
  list(): Promise<HostList>
  groups(): Promise<HostGroups>
  /** What a target names; what is wrong with it is told, not thrown. */
  preview(expression: string): Promise<TargetPreview>
  /** Any destination, named anywhere or not. Rejects with `bad-target`. */
  get(name: string): Promise<HostDetails>
  /** Adds a host, or changes what was said of it here. Rejects with `bad-target`. */
  put(name: string, host: AddedHost): Promise<HostDetails>
  /** Takes an added host back. Rejects with `not-found`. */
  remove(name: string): Promise<void>
  /**
   * Goes the way to it step by step, and keeps what was found. What goes wrong there is told, not
   * thrown. Rejects with `bad-target`.
   */
  check(name: string, signal: AbortSignal): Promise<HostCheck>
  /** What the host has that goes on with what was typed. Rejects with why it cannot be asked. */
  complete(name: string, request: CompletionRequest, signal: AbortSignal): Promise<Completions>
  /** The same of all hosts of a target, each given when it is done. Rejects with `bad-target`. */
  checkAll(target: string, signal: AbortSignal): AsyncGenerator<HostCheck>
}

export interface HostBookParts extends CheckParts, HostListParts {
  readonly added: AddedHosts
}

export function createHostBook(parts: HostBookParts): HostBook {
  const { inventory, added } = parts
  const get = (name: string) => details(parts, name)
  return {
    list: () => listHosts(parts),
    groups: async () => ({ groups: groupsOf(await inventory.read()) }),
    preview: async (expression) => previewTarget(expression, await inventory.read()),
    get,
    put: async (name, host) => {
      await added.put(name, host)
      return get(name)
    },
    remove: (name) => added.remove(name),
    check: async (name, signal) => keptCheck(parts, await namedHost(parts, name), signal),
    checkAll: async function* (target, signal) {
      const hosts = await hostsOfTarget(target, inventory)
      const named = hosts.map((host) => ({ name: host.host, destination: taskDestination(host) }))
      yield* checkHosts(named, (host, until) => keptCheck(parts, host, until), signal)
    },
    complete: async (name, request, signal) => {
      const { destination } = await namedHost(parts, name)
      return completeSource(parts, destination, { request, signal })
    },
  }
}

async function details(parts: HostBookParts, name: string): Promise<HostDetails> {
  const { destination } = await namedHost(parts, name)
  const [{ hosts }, ssh] = await Promise.all([listHosts(parts), parts.view.settings(destination)])
  const known = hosts.find((host) => host.name === name)
  return { ...(known ?? { ...unknownHost(name), config: null, check: null, lastRun: null }), ssh }
}

/** One host, and no set of them. */
async function namedHost({ inventory }: HostBookParts, name: string): Promise<CheckedHost> {
  parseDestination(name)
  const [host = { host: name }] = await hostsOfTarget(name, inventory)
  return { name, destination: taskDestination(host) }
}

async function keptCheck(
  parts: HostBookParts,
  host: CheckedHost,
  signal: AbortSignal,
): Promise<HostCheck> {
  const check = await checkHost(parts, host, signal)
  await parts.checks.keep(check)
  return check
}
