/** Saved commands: a source with parameters under a name, to be run again by anybody. */
import type { Mode, Source } from './run.ts'
import type { PlanRequest } from './run-plan.ts'

/** As people write it; what is left out has no value. Times are whole numbers in the unit of their name. */
export interface SavedCommand {
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
  /**
   * A command has its parameters as environment variables (`"$service"`), so that no value is ever
   * read as code. In paths, unit and container `{{service}}` stands for the value.
   */
  readonly source: Source
  /** Where it runs unless another target is given. */
  readonly target?: string
  readonly mode?: Mode
  readonly merged?: boolean
  readonly sudo?: boolean
  readonly parameters?: readonly Parameter[]
  /** A person is asked before it starts: with this text, where `{{service}}` stands for a value. */
  readonly confirm?: boolean | string
  /** How its runs go over many hosts, unless the start says otherwise. */
  readonly plan?: PlanRequest
  /** How long its runs are kept after their end; without it as all others. */
  readonly keepDays?: number
}

/** A saved command as it is stored. */
export interface StoredCommand extends SavedCommand {
  /** Rises with each change: who changes an older one is refused. */
  readonly version: number
}

export type Parameter =
  | TextParameter
  | ChoiceParameter
  | NumberParameter
  | SecretParameter
  | PerHostParameter

interface AnyParameter {
  /** Of the environment variable too, so `parameterNamePattern`. */
  readonly name: string
  /** For people; the name without it. */
  readonly label?: string
  /** False: it may be left out, and is empty then. A parameter with a default is never missing. */
  readonly required?: boolean
}

export interface TextParameter extends AnyParameter {
  readonly kind: 'text'
  readonly default?: string
  /** A regular expression of JavaScript that the whole text must match. */
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
}

export interface ChoiceParameter extends AnyParameter {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly default?: string
}

export interface NumberParameter extends AnyParameter {
  readonly kind: 'number'
  readonly default?: number
  readonly min?: number
  readonly max?: number
  readonly integer?: boolean
}

/** Typed at each start, kept nowhere in clear, and masked in what the run prints. */
export interface SecretParameter extends AnyParameter {
  readonly kind: 'secret'
}

/** Known beforehand, another one on each host: of the first target that selects it. */
export interface PerHostParameter extends AnyParameter {
  readonly kind: 'per-host'
  /** By target: a host, or what selects several. One that is the host's own name goes first. */
  readonly values: Readonly<Record<string, string>>
  /** On hosts that none of them selects. */
  readonly default?: string
}

export const savedNamePattern: RegExp = /^[a-z0-9][a-z0-9._-]*$/

/**
 * Lower case only: variables that shells and systems give a meaning to are in capitals (`PATH`,
 * `IFS`, `LD_PRELOAD`), so no parameter can become one of those.
 */
export const parameterNamePattern: RegExp = /^[a-z][a-z0-9_]*$/

/** Whether somebody must give a value before it can start. */
export function isNeeded(parameter: Parameter): boolean {
  if (parameter.kind === 'per-host') return false
  const hasDefault = parameter.kind !== 'secret' && parameter.default !== undefined
  return parameter.required !== false && !hasDefault
}

/** What a person calls it. */
export function labelOf({ name, label }: Parameter): string {
  return label === undefined || label === '' ? name : label
}
