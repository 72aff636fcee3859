/** What could stand where the cursor is in a command line: decided by the tables of flags and by the usage of each command. */
import type { CommandSpec, FlagSpec } from './command-line.ts'

/** What is wanted at the cursor, and what was typed of it. */
export type Wanted =
  | { readonly kind: 'words'; readonly words: readonly Candidate[]; readonly typed: string }
  /** Something that only a server or its store knows. */
  | { readonly kind: Known; readonly typed: string; readonly line: TypedLine }
  /** Files of this machine, which shells complete by themselves, or something that nobody knows. */
  | { readonly kind: 'nothing' }

export type Known = 'run' | 'target' | 'path' | 'unit' | 'container' | 'saved'

export interface Candidate {
  readonly text: string
  readonly about: string
}

/** What stands before the cursor. */
export interface TypedLine {
  readonly command: string
  readonly words: readonly string[]
  /** The last value of each flag. */
  readonly flags: ReadonlyMap<string, string>
}

/** `words` are those after `farglass`, the last one being typed, perhaps still empty. */
export function wantedAt(words: readonly string[], specs: readonly CommandSpec[]): Wanted {
  const [name = '', ...rest] = words
  if (rest.length === 0) return oneOf(name, [...specs.map(commandCandidate), ...globalFlags])
  const spec = specs.find((one) => one.name === name)
  if (name === 'help' && rest.length === 1) return oneOf(rest[0] ?? '', specs.map(commandCandidate))
  if (spec === undefined || rest.slice(0, -1).includes('--')) return nothing
  return wantedOf(spec, rest)
}

function wantedOf(spec: CommandSpec, rest: readonly string[]): Wanted {
  const typed = rest.at(-1) ?? ''
  const line = readLine(spec, rest.slice(0, -1))
  if (line.open !== null) return valueOf(line.open, typed, line)
  const assigned = /^(--[a-z-]+)=(.*)$/s.exec(typed)
  if (assigned !== null) {
    const [, flag = '', value = ''] = assigned
    return withPrefix(
      `${flag}=`,
      valueOf({ name: flag.slice(2), ...spec.flags[flag.slice(2)] }, value, line),
    )
  }
  if (typed.startsWith('-')) return oneOf(typed, flagCandidates(spec, line))
  return wordOf(spec, typed, line)
}

interface OpenFlag extends Partial<FlagSpec> {
  readonly name: string
}

function readLine(
  spec: CommandSpec,
  before: readonly string[],
): TypedLine & { readonly open: OpenFlag | null } {
  const words: string[] = []
  const flags = new Map<string, string>()
  let open: OpenFlag | null = null
  for (const word of before) {
    if (open !== null) {
      flags.set(open.name, word)
      open = null
      continue
    }
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) words.push(word)
    else if (value !== undefined) flags.set(name, value)
    else if (takesValue(spec, name)) open = { name, ...spec.flags[name] }
    else flags.set(name, '')
  }
  return { command: spec.name, words, flags, open }
}

function takesValue(spec: CommandSpec, name: string): boolean {
  const flag = Object.hasOwn(spec.flags, name) ? spec.flags[name] : undefined
  return flag !== undefined && flag.value !== null
}

function flagCandidates(spec: CommandSpec, { flags }: TypedLine): readonly Candidate[] {
  const own = Object.entries(spec.flags)
    .filter(([name, { help }]) => !flags.has(name) || help.includes('repeatable'))
    .map(([name, { help }]) => ({ text: `--${name}`, about: help }))
  return [...own, { text: '--help', about: 'show what the command does' }]
}

/** By the placeholder of the flag, whose words mean the same everywhere. */
function valueOf(flag: OpenFlag, typed: string, line: TypedLine): Wanted {
  const { name, value } = flag
  if (value === undefined || value === null) return nothing
  if (/^[a-z-]+(?:\|[a-z-]+)+$/.test(value)) return oneOf(typed, literals(value.split('|')))
  if (/^[a-z-]+(?:,[a-z-]+)+$/.test(value)) return listOf(value.split(','), typed)
  if (name === 'container' || name === 'saved') return { kind: name, typed, line }
  return known(value, typed, line)
}

/** Words of a usage: alternatives, each of literal words and placeholders. */
function wordOf(spec: CommandSpec, typed: string, line: TypedLine): Wanted {
  const found = spec.usage.split(' | ').flatMap((alternative) => {
    const next = nextOf(alternative, line)
    return next === undefined ? [] : [next]
  })
  const words = found
    .flatMap((next) => next.split('|'))
    .filter((word) => /^[a-z][a-z-]*$/.test(word))
  if (words.length > 0) return oneOf(typed, literals([...new Set(words)]))
  const first = found[0]
  return first === undefined ? nothing : known(first, typed, line)
}

/** What stands in the usage where the next word goes; undefined where this alternative is over or was not taken. */
function nextOf(alternative: string, { words, flags }: TypedLine): string | undefined {
  const [own = ''] = alternative.split(' -- ')
  const tokens = own
    .split(' ')
    .filter((token) => token !== '')
    .map((token) => token.replace(/^\[(.*)\]$/, '$1'))
  if (tokens.some((token) => token.startsWith('--') && !flags.has(token.slice(2)))) return undefined
  const places = tokens.slice(0, firstFlag(tokens))
  const isTaken = words.every((word, at) => {
    const token = tokenAt(places, at)
    return token !== undefined && (/[A-Z]/.test(token) || token.split('|').includes(word))
  })
  return isTaken ? tokenAt(places, words.length)?.replace(/…$/, '') : undefined
}

function firstFlag(tokens: readonly string[]): number {
  const at = tokens.findIndex((token) => token.startsWith('--'))
  return at === -1 ? tokens.length : at
}

/** A last one that ends in `…` stands for all that follow. */
function tokenAt(places: readonly string[], at: number): string | undefined {
  const last = places.at(-1)
  return places[at] ?? (last?.endsWith('…') === true ? last : undefined)
}

function known(placeholder: string, typed: string, line: TypedLine): Wanted {
  switch (placeholder) {
    case 'RUN':
      return { kind: 'run', typed, line }
    case 'TARGET':
    case 'HOST':
    case 'HOST[,HOST…]':
      return { kind: 'target', typed, line }
    case 'TARGET:PATH':
      return { kind: 'path', typed, line }
    case 'UNIT':
      return { kind: 'unit', typed, line }
    case 'SAVED':
      return { kind: 'saved', typed, line }
    default:
      return nothing
  }
}

const nothing: Wanted = { kind: 'nothing' }

const globalFlags: readonly Candidate[] = [
  { text: 'help', about: 'what a command does' },
  { text: '--help', about: 'list the commands' },
  { text: '--version', about: 'print the version' },
]

function commandCandidate({ name, summary }: CommandSpec): Candidate {
  return { text: name, about: summary }
}

function literals(words: readonly string[]): readonly Candidate[] {
  return words.map((text) => ({ text, about: '' }))
}

function oneOf(typed: string, all: readonly Candidate[]): Wanted {
  return { kind: 'words', words: all.filter(({ text }) => text.startsWith(typed)), typed }
}

/** The last of several that are joined by commas, each at most once. */
function listOf(words: readonly string[], typed: string): Wanted {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1)
  const taken = before.split(',')
  const left = words.filter((word) => !taken.includes(word))
  return withPrefix(before, oneOf(typed.slice(before.length), literals(left)))
}

function withPrefix(prefix: string, wanted: Wanted): Wanted {
  if (wanted.kind !== 'words') return wanted
  const words = wanted.words.map(({ text, about }) => ({ text: prefix + text, about }))
  return { kind: 'words', words, typed: prefix + wanted.typed }
}
