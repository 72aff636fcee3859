/** What a run that was started from a saved command is like on one host. */
import { fillSource } from './placeholders.ts'
import type { Run, SavedUse, Source } from './run.ts'

/** The source as that host reads it: a value of its own stands where the source names one. */
export function sourceOn(host: string, { source, saved }: Pick<Run, 'source' | 'saved'>): Source {
  if (saved === undefined || source.kind === 'command') return source
  return fillSource(source, ownValues(host, saved))
}

/** Hosts for which a parameter has a value of its own. */
export function hostsWithValues({ parameters }: SavedUse): readonly string[] {
  const perHost = Object.values(parameters).find((value) => typeof value === 'object')
  return Object.keys(perHost ?? {})
}

/** Variables of its command, by name; secret ones come another way. */
export function parametersOn(
  host: string,
  { source, saved }: Pick<Run, 'source' | 'saved'>,
): ReadonlyMap<string, string> {
  if (saved === undefined || source.kind !== 'command') return new Map()
  const shared = Object.entries(saved.parameters).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return new Map([...shared, ...ownValues(host, saved)])
}

function ownValues(host: string, { parameters }: SavedUse): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'object' || value === null) continue
    const own = Object.hasOwn(value, host) ? value[host] : undefined
    if (own !== undefined) values.set(name, own)
  }
  return values
}
