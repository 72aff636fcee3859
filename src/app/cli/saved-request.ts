/** The start of a saved command by the command line: its parameters from words, environment, files and the person. */
import { displayText } from '../../shared/display.ts'
import type { SavedRunRequest } from '../../shared/protocol/start-run.ts'
import {
  isNeeded,
  labelOf,
  type Parameter,
  type StoredCommand,
} from '../../shared/saved-command.ts'
import { UsageError } from '../usage-error.ts'
import { type CommandLine, type CommandSpec, usage } from './command-line.ts'
import { environment } from './connect.ts'
import { parameterSecrets, variableOf } from './secret-flags.ts'
import { openTerminal, type Terminal } from './terminal.ts'

export interface SavedLine {
  readonly spec: CommandSpec
  readonly line: CommandLine
  readonly command: StoredCommand
}

/** What this command line asks for; what lacks is asked on the terminal. Throws what is wrong or refused. */
export async function savedRequest(
  { spec, line, command }: SavedLine,
  rest: Omit<SavedRunRequest, 'saved' | 'target'>,
): Promise<SavedRunRequest> {
  const [target, extra] = line.words
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
  if (target === undefined && command.target === undefined) {
    throw usage(spec, `"${command.name}" has no target of its own: write one before --saved`)
  }
  const person = new Person()
  try {
    const given = new Map([
      ...Object.entries(wordsOf(spec, line, command)),
      ...secretsOf(spec, line, command),
    ])
    for (const parameter of command.parameters ?? []) {
      const isMissing = !given.has(parameter.name) && isNeeded(parameter)
      if (isMissing) given.set(parameter.name, await person.tell(parameter))
    }
    const parameters = Object.fromEntries(given)
    const saved = { name: command.name, version: command.version, parameters }
    return { ...rest, ...(target === undefined ? {} : { target }), saved }
  } finally {
    person.leave()
  }
}

function wordsOf(
  spec: CommandSpec,
  line: CommandLine,
  { name: command, parameters = [] }: StoredCommand,
): Readonly<Record<string, string>> {
  const given: Record<string, string> = {}
  for (const word of line.rest ?? []) {
    const at = word.indexOf('=')
    if (at < 1) throw usage(spec, `"${displayText(word)}" is not a parameter as name=value`)
    const name = word.slice(0, at)
    const parameter = parameters.find((each) => each.name === name)
    if (parameter === undefined) {
      const known = parameters.map((each) => each.name).join(', ')
      const list = known === '' ? 'it has none' : `it has ${known}`
      throw usage(spec, `"${command}" has no parameter "${displayText(name)}"; ${list}`)
    }
    if (parameter.kind === 'secret') {
      throw usage(
        spec,
        `"${name}" is secret, and others see the words of a command line: put it into ${variableOf(name)} or a file (--secret ${name}=@FILE), or leave it out to be asked`,
      )
    }
    if (Object.hasOwn(given, name)) throw usage(spec, `"${name}" is given twice`)
    given[name] = word.slice(at + 1)
  }
  return given
}

/** From a file that a flag names, else from the environment. */
function secretsOf(
  spec: CommandSpec,
  line: CommandLine,
  { name: command, parameters = [] }: StoredCommand,
): ReadonlyMap<string, string> {
  const files = parameterSecrets(spec, line)
  const names = parameters.flatMap(({ kind, name }) => (kind === 'secret' ? [name] : []))
  const other = [...files.keys()].find((name) => !names.includes(name))
  if (other !== undefined) throw usage(spec, `"${command}" has no secret parameter "${other}"`)
  const found = names.map(
    (name) => [name, files.get(name) ?? environment(variableOf(name))] as const,
  )
  return new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

/** Who sits at the terminal of this command, if anybody does. */
class Person {
  #terminal: Terminal | null | undefined
  readonly #leave = new AbortController()

  async tell(parameter: Parameter): Promise<string> {
    const terminal = this.#reach()
    const { name } = parameter
    if (terminal === null) {
      const how =
        parameter.kind === 'secret'
          ? `Put it into ${variableOf(name)}`
          : `Write ${name}=… after "--"`
      throw new UsageError(
        `The parameter "${name}" is missing, and there is no terminal to ask on.`,
        `${how}.`,
      )
    }
    const prompt = `${displayText(labelOf(parameter))}${choicesOf(parameter)}: `
    const echo = parameter.kind !== 'secret'
    return this.#answer(await terminal.ask(prompt, { echo, signal: this.#leave.signal }))
  }

  leave(): void {
    this.#leave.abort()
    this.#terminal?.close()
  }

  #reach(): Terminal | null {
    this.#terminal ??= openTerminal()
    return this.#terminal
  }

  #answer(typed: string | null): string {
    if (typed !== null) return typed
    throw new UsageError('Nothing was started.', 'Start it again when you know the answer.')
  }
}

function choicesOf(parameter: Parameter): string {
  return parameter.kind === 'choice' ? ` (${displayText(parameter.choices.join(', '))})` : ''
}
