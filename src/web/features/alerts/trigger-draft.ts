/** A trigger while it is written. */
import type { Trigger } from '../../../shared/protocol/triggers.ts'
import { pairsOf, pairsText } from './text-lists.ts'

export interface TriggerDraft {
  readonly name: string
  readonly enabled: boolean
  readonly saved: string
  readonly target: string
  readonly parameters: string
  /** Lines of `parameter=path`. */
  readonly mapping: string
  readonly signature: Trigger['signature']
  /** Empty: the stored one stays, or one is made. */
  readonly secret: string
}

export const emptyTrigger: TriggerDraft = {
  name: '',
  enabled: true,
  saved: '',
  target: '',
  parameters: '',
  mapping: '',
  signature: 'timestamp',
  secret: '',
}

export function triggerDraftOf(trigger: Trigger): TriggerDraft {
  const { name, enabled, saved, target = '', parameters, mapping, signature } = trigger
  const paths = Object.entries(mapping).map(([key, { path }]) => [key, path] as const)
  return {
    name,
    enabled,
    saved,
    target,
    signature,
    secret: '',
    parameters: pairsText(parameters),
    mapping: pairsText(Object.fromEntries(paths)),
  }
}

/** Defaults of the mapping, which the form does not show, stay with their parameter. */
export function triggerBody(draft: TriggerDraft, before: Trigger | null): object {
  const { enabled, saved, target, parameters, mapping, signature, secret } = draft
  const paths = pairsOf(mapping).map(([name, path]) => {
    return [name, { ...before?.mapping[name], path: path.trim() }] as const
  })
  return {
    enabled,
    saved: saved.trim(),
    ...(target.trim() !== '' && { target: target.trim() }),
    parameters: Object.fromEntries(pairsOf(parameters)),
    mapping: Object.fromEntries(paths),
    signature,
    ...(secret !== '' && { secret }),
  }
}
