/** Answers about hosts, checked by hand as those of the stream are. */
import type { Completions } from '../shared/protocol/completion.ts'
import type { HostCheck, HostDetails, HostList } from '../shared/protocol/hosts.ts'
import { array, asFields, text } from './event-parser.ts'

/** Throws `bad-response`, as the others. */
export function asHostList(value: unknown): HostList {
  const fields = asFields(value)
  for (const host of array(fields, 'hosts')) text(asFields(host), 'name')
  // What the server checked against the same types is not spelt out field by field again.
  return value as HostList
}

export function asHostDetails(value: unknown): HostDetails {
  text(asFields(value), 'name')
  return value as HostDetails
}

export function asHostCheck(value: unknown): HostCheck {
  for (const step of array(asFields(value), 'steps')) text(asFields(step), 'text')
  return value as HostCheck
}

export function asCompletions(value: unknown): Completions {
  const fields = asFields(value)
  const candidates = array(fields, 'candidates').filter((one) => typeof one === 'string')
  return { candidates, isCut: fields['isCut'] === true }
}
