/** Flags that say which lines are meant, the same for "search" and "export". */
import type { SearchFields } from '../../shared/search-query.ts'
import { isoTime } from '../../shared/time.ts'
import { parseAge } from './age.ts'
import { type CommandLine, type CommandSpec, type FlagSpec, usage } from './command-line.ts'
import { parseDuration } from './duration.ts'

export const searchFlags: Readonly<Record<string, FlagSpec>> = {
  regex: { value: null, help: 'QUERY is a regular expression (of JavaScript)' },
  case: {
    value: 'smart|sensitive|insensitive',
    help: 'smart without it: capital letters count when QUERY has any',
  },
  invert: { value: null, help: 'lines that do not have QUERY' },
  channel: { value: 'out,err,note', help: 'of these channels only' },
  host: { value: 'HOST', help: 'of this host only (repeatable)' },
  level: { value: 'error,warn,info,debug,none', help: 'that say one of these levels' },
  since: {
    value: 'TIME',
    help: 'that arrived since then: 2026-01-31T12:00:00Z, or 10m for ten minutes ago',
  },
  until: { value: 'TIME', help: 'that arrived before then' },
}

/** The flags as fields of a search for `text`. Throws a UsageError for a time that is none. */
export function searchFieldsOf(
  spec: CommandSpec,
  line: CommandLine,
  text: string | undefined,
): Omit<SearchFields, 'from'> {
  const hosts = line.values('host')
  const fields: Record<string, string | undefined> = {
    q: text,
    regex: line.has('regex') ? 'true' : undefined,
    case: line.value('case'),
    invert: line.has('invert') ? 'true' : undefined,
    channel: line.value('channel'),
    host: hosts.length === 0 ? undefined : hosts.join(','),
    level: line.value('level'),
    since: timeOf(spec, line, 'since'),
    until: timeOf(spec, line, 'until'),
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  // The server checks words of closed lists, and says which there are.
  return Object.fromEntries(given) as Omit<SearchFields, 'from'>
}

/** A time as it is written, or so long ago. Throws a UsageError for one that is none. */
export function timeOf(
  spec: CommandSpec,
  line: CommandLine,
  flag: 'since' | 'until',
): string | undefined {
  const text = line.value(flag)
  if (text === undefined) return undefined
  const ago = parseDuration(text) ?? parseAge(text)
  if (ago !== undefined) return isoTime(Date.now() - ago)
  const time = Date.parse(text)
  if (Number.isNaN(time))
    throw usage(
      spec,
      `--${flag}: "${text}" is no time, as 2h for two hours ago, or 2026-01-31T12:00:00Z`,
    )
  return isoTime(time)
}
