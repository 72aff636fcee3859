/** Reads the words of a command line. Whatever is wrong becomes a sentence with the nearest right word. */
import { parseArgs } from 'node:util'
import { nearest } from '../../shared/nearest.ts'
import { UsageError } from '../usage-error.ts'

export interface FlagSpec {
  /** Placeholder of its value in the help; null for a switch. */
  readonly value: string | null
  readonly help: string
}

export interface CommandSpec {
  readonly name: string
  /** What follows the name, for the help and for sentences: `TARGET -- COMMAND…`. */
  readonly usage: string
  readonly summary: string
  readonly flags: Readonly<Record<string, FlagSpec>>
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  /** Further paragraphs of the help. */
  readonly notes?: readonly string[]
}

export interface CommandLine {
  /** Words before `--`. */
  readonly words: readonly string[]
  /** Words after `--`; undefined when there is none. */
  readonly rest: readonly string[] | undefined
  has(flag: string): boolean
  /** The last value given. */
  value(flag: string): string | undefined
  values(flag: string): readonly string[]
}

export function parseCommandLine(spec: CommandSpec, args: readonly string[]): CommandLine {
  const values = new Map<string, string[]>()
  const words: string[] = []
  let rest: string[] | undefined
  for (const token of tokensOf(spec, args)) {
    if (token.kind === 'option-terminator') rest = []
    else if (token.kind === 'positional') (rest ?? words).push(token.value)
    else {
      const name = checkFlag(spec, token)
      values.set(name, [...(values.get(name) ?? []), token.value ?? ''])
    }
  }
  return {
    words,
    rest,
    has: (flag) => values.has(flag),
    value: (flag) => values.get(flag)?.at(-1),
    values: (flag) => values.get(flag) ?? [],
  }
}

/** Exactly one word, named in the sentence when it is missing. */
export function oneWord(spec: CommandSpec, line: CommandLine, name: string): string {
  const [word, extra] = line.words
  if (word === undefined || word === '') throw usage(spec, `"farglass ${spec.name}" needs ${name}`)
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
  return word
}

/** Throws a usage error when the command, which takes no words, got one. */
export function noWords(spec: CommandSpec, line: CommandLine): void {
  const extra = line.words[0] ?? line.rest?.[0]
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
}

/** An error about what was typed, with the way to write it. */
export function usage(spec: CommandSpec, what: string): UsageError {
  return new UsageError(
    what.endsWith('?') ? what : `${what}.`,
    `Usage: farglass ${spec.name}${spec.usage === '' ? '' : ` ${spec.usage}`}. See "farglass ${spec.name} --help".`,
  )
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function tokensOf(spec: CommandSpec, args: readonly string[]) {
  const flags = Object.entries({ help: { value: null }, ...spec.flags })
  const options = Object.fromEntries(
    flags.map(([name, flag]) => [
      name,
      { type: flag.value === null ? 'boolean' : 'string' } as const,
    ]),
  )
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  return tokens
}

/** The flag's name when it is one of the command's and has a value if it needs one, else throws. */
function checkFlag(spec: CommandSpec, token: OptionToken): string {
  const flag = Object.hasOwn(spec.flags, token.name) ? spec.flags[token.name] : undefined
  if (flag === undefined) throw unknownFlag(spec, token)
  if (flag.value === null && token.value !== undefined) {
    throw usage(spec, `${token.rawName} takes no value`)
  }
  if (flag.value === null) return token.name
  const looksLikeFlag = token.inlineValue !== true && token.value?.startsWith('-') === true
  if (token.value === undefined || token.value === '' || looksLikeFlag) {
    throw usage(spec, `${token.rawName} needs a value: ${token.rawName} ${flag.value}`)
  }
  return token.name
}

function unknownFlag(spec: CommandSpec, token: OptionToken): UsageError {
  const { name, rawName } = token
  const near = nearest(name, ['help', ...Object.keys(spec.flags)])
  const guess = near === undefined ? '' : `; did you mean --${near}?`
  return usage(spec, `"farglass ${spec.name}" has no ${rawName}${guess}`)
}
