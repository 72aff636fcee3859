/** `--secret NAME`: secrets of a run, whose values are never words of a command line. */
import { readFileSync } from 'node:fs'
import { displayText } from '../../shared/display.ts'
import { secretNameComplaint, secretNamePattern } from '../../shared/run-secrets.ts'
import { parameterNamePattern } from '../../shared/saved-command.ts'
import { UsageError } from '../usage-error.ts'
import { type CommandLine, type CommandSpec, type FlagSpec, usage } from './command-line.ts'
import { environment } from './connect.ts'
import { openTerminal } from './terminal.ts'

export const secretFlags: Readonly<Record<string, FlagSpec>> = {
  secret: {
    value: 'NAME[=@FILE]',
    help: 'variable of the command, or parameter of a saved one, with a secret value: from the file, from FARGLASS_SECRET_NAME, or asked (repeatable)',
  },
}

/** Of one that may run by sudo without saying so. */
export const sudoPasswordFlag: Readonly<Record<string, FlagSpec>> = {
  'sudo-password-file': { value: 'FILE', help: 'of a run by sudo: where its password is, instead' },
}

/** Of every command that starts a run of a command. */
export const sudoFlags: Readonly<Record<string, FlagSpec>> = {
  sudo: { value: null, help: 'run the command by sudo; its password is asked once for all hosts' },
  ...sudoPasswordFlag,
}

/** The password of the file that is named, if one is. */
export function sudoPasswordOf(line: CommandLine): string | undefined {
  const file = line.value('sudo-password-file')
  return file === undefined ? undefined : withoutNewline(read('--sudo-password-file', file))
}

/** The field of the request. Asks on the terminal for what is neither in a file nor in a variable. */
export async function secretFields(
  spec: CommandSpec,
  line: CommandLine,
): Promise<{ readonly secrets?: Record<string, string> }> {
  const named = line
    .values('secret')
    .filter((text) => !isParameter(line, text))
    .map((text) => parseFlag(spec, text, secretNamePattern))
  if (named.length === 0) return {}
  const secrets: Record<string, string> = {}
  for (const { name, file } of named) {
    if (Object.hasOwn(secrets, name)) throw usage(spec, `--secret ${name} is given twice`)
    secrets[name] = await valueOf(name, file)
  }
  return { secrets }
}

/** The secret parameters of a saved command that flags name, with what stands in their file; null without one. */
export function parameterSecrets(
  spec: CommandSpec,
  line: CommandLine,
): ReadonlyMap<string, string | null> {
  const named = line
    .values('secret')
    .filter((text) => isParameter(line, text))
    .map((text) => parseFlag(spec, text, parameterNamePattern))
  return new Map(
    named.map(({ name, file }) => [name, file === null ? null : withoutNewline(read(name, file))]),
  )
}

/** Names of parameters are in lower case, those of other variables are not. */
function isParameter(line: CommandLine, text: string): boolean {
  return line.has('saved') && /^[a-z]/.test(text)
}

interface NamedSecret {
  readonly name: string
  readonly file: string | null
}

/** What stands behind "=" without "@" may be the secret itself: no sentence repeats it. */
function parseFlag(spec: CommandSpec, text: string, pattern: RegExp): NamedSecret {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  if (!pattern.test(name)) {
    throw usage(spec, `--secret: "${displayText(name)}" is not a name in upper case, as API_TOKEN`)
  }
  const complaint = secretNameComplaint(name)
  if (complaint !== undefined) throw usage(spec, `--secret: "${name}" ${complaint}`)
  if (at < 0) return { name, file: null }
  if (text[at + 1] === '@') return { name, file: text.slice(at + 2) }
  throw usage(
    spec,
    `--secret ${name}: others see the words of a command line, so a value does not stand there: write ${name}=@FILE, set ${variableOf(name)}, or leave it out to be asked`,
  )
}

async function valueOf(name: string, file: string | null): Promise<string> {
  if (file !== null) return withoutNewline(read(`--secret ${name}`, file))
  return environment(variableOf(name)) ?? (await ask(name))
}

/** Where its value may stand instead of a file. */
export function variableOf(name: string): string {
  return `FARGLASS_SECRET_${name.toUpperCase()}`
}

function read(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(`${flag}: it cannot be read: ${why}.`, 'Name a file that you may read.')
  }
}

/** Editors end a file with a newline, which belongs to no token. */
function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}

async function ask(name: string): Promise<string> {
  const terminal = openTerminal()
  if (terminal === null) {
    throw new UsageError(
      `--secret ${name} has no value, and there is no terminal to ask on.`,
      `Set ${variableOf(name)}, or write --secret ${name}=@FILE.`,
    )
  }
  const never = new AbortController()
  try {
    const typed = await terminal.ask(`${name}: `, { echo: false, signal: never.signal })
    if (typed !== null && typed !== '') return typed
    throw new UsageError('Nothing was started.', `Run it again and type the value of ${name}.`)
  } finally {
    terminal.close()
  }
}
