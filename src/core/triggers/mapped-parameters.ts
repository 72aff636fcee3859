/** Parameters from the payload of a trigger: only what its mapping names, and only plain values. */
import { AppError } from '../../shared/errors.ts'
import type { TriggerRequest } from '../../shared/protocol/triggers.ts'

/** Throws `bad-request` for a value that is missing, or no text, number or truth value. */
export function mappedParameters(
  { parameters, mapping }: Pick<TriggerRequest, 'parameters' | 'mapping'>,
  payload: unknown,
): Readonly<Record<string, string | number>> {
  const found = Object.entries(mapping).map(([name, { path, default: fallback }]) => {
    const value = valueAt(payload, path.split('.')) ?? fallback
    if (value === undefined) throw refused(path, 'is missing')
    if (typeof value === 'string' || typeof value === 'number') return [name, value] as const
    if (typeof value === 'boolean') return [name, String(value)] as const
    throw refused(path, 'is no text, number or truth value')
  })
  return { ...parameters, ...Object.fromEntries(found) }
}

/** Own fields only: a path names data, nothing that objects bring along. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return value ?? undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return valueAt(new Map<string, unknown>(Object.entries(value)).get(name), rest)
}

function refused(path: string, complaint: string): AppError {
  return new AppError('bad-request', `The field "${path}" of the payload ${complaint}.`, {
    hint: 'Compare the payload with the mapping of the trigger.',
  })
}
