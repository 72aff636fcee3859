/** The calls about hosts: the page loads them when somebody looks at hosts or writes a target. */
import { AppError } from '../shared/errors.ts'
import type { Completions } from '../shared/protocol/completion.ts'
import type { HostRequest } from '../shared/protocol/host-requests.ts'
import type {
  HostCheck,
  HostDetails,
  HostGroups,
  HostList,
  TargetPreview,
} from '../shared/protocol/hosts.ts'
import type { FarglassApi } from './api.ts'
import { array, asFields, text } from './event-parser.ts'
import { linesOf } from './text-lines.ts'

export type HostCalls = Pick<
  FarglassApi,
  | 'hosts'
  | 'host'
  | 'checkHost'
  | 'checkHosts'
  | 'complete'
  | 'putHost'
  | 'removeHost'
  | 'hostGroups'
  | 'target'
>

/** `request` rejects with an AppError for whatever is not a success. */
export function createHostCalls(
  request: (path: string, init?: RequestInit) => Promise<Response>,
): HostCalls {
  const json = async (path: string, init?: RequestInit): Promise<unknown> =>
    parsed(await (await request(path, init)).text())
  return {
    hosts: async () => asHostList(await json('/api/v1/hosts')),
    host: async (name) => asHostDetails(await json(hostPath(name))),
    checkHost: async (name, signal) =>
      asHostCheck(await json(`${hostPath(name)}/check`, { ...sent('POST', {}), signal })),
    checkHosts: async function* (target, signal) {
      const init = { ...sent('POST', { target }), signal }
      const answer = await request('/api/v1/hosts/check', init)
      for await (const line of linesOf(answer)) yield asHostCheck(parsed(line))
    },
    complete: async (name, ask, signal) => {
      const query = new URLSearchParams({ ...ask })
      const path = `${hostPath(name)}/complete?${query.toString()}`
      return asCompletions(await json(path, { signal }))
    },
    putHost: async (name, host: HostRequest) =>
      asHostDetails(await json(hostPath(name), sent('PUT', host))),
    removeHost: async (name) => {
      const done = await request(hostPath(name), { method: 'DELETE' })
      await done.body?.cancel()
    },
    hostGroups: async () => asHostGroups(await json('/api/v1/groups')),
    target: async (expression) => {
      const query = new URLSearchParams({ expression })
      return asTargetPreview(await json(`/api/v1/targets?${query.toString()}`))
    },
  }
}

function hostPath(name: string): string {
  return `/api/v1/hosts/${encodeURIComponent(name)}`
}

function sent(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new AppError('bad-response', 'An answer about hosts is not JSON.', { cause })
  }
}

function asHostList(value: unknown): HostList {
  const fields = asFields(value)
  for (const host of array(fields, 'hosts')) text(asFields(host), 'name')
  // What the server checked against the same types is not spelt out field by field again.
  return value as HostList
}

function asHostDetails(value: unknown): HostDetails {
  text(asFields(value), 'name')
  return value as HostDetails
}

function asHostCheck(value: unknown): HostCheck {
  for (const step of array(asFields(value), 'steps')) text(asFields(step), 'text')
  return value as HostCheck
}

function asCompletions(value: unknown): Completions {
  const fields = asFields(value)
  const candidates = array(fields, 'candidates').filter((one) => typeof one === 'string')
  return { candidates, isCut: fields['isCut'] === true }
}

function asHostGroups(value: unknown): HostGroups {
  for (const group of array(asFields(value), 'groups')) text(asFields(group), 'name')
  return value as HostGroups
}

function asTargetPreview(value: unknown): TargetPreview {
  const fields = asFields(value)
  array(fields, 'hosts')
  text(fields, 'folded')
  return value as TargetPreview
}
