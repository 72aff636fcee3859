/** What is wrong with a saved command as a whole: its parts do not fit each other. */
import { AppError } from './errors.ts'
import { limits } from './limits.ts'
import { wholePattern } from './parameter-value.ts'
import { placeholdersOf, placeholdersOfSource } from './placeholders.ts'
import type {
  ChoiceParameter,
  NumberParameter,
  Parameter,
  PerHostParameter,
  SavedCommand,
  TextParameter,
} from './saved-command.ts'
import { sourceComplaint } from './source.ts'
import { parseTarget } from './target.ts'

export interface SavedComplaint {
  /** Where in the command, as `['parameters', 2, 'default']`. */
  readonly path: readonly (string | number)[]
  /** The end of a sentence about it. */
  readonly complaint: string
}

/** The first thing that is wrong, or undefined. Each field by itself is taken to be right. */
export function savedComplaint(command: SavedCommand): SavedComplaint | undefined {
  const { parameters = [] } = command
  const target = command.target === undefined ? undefined : targetComplaint(command.target)
  if (target !== undefined) return { path: ['target'], complaint: target }
  const seen = new Set<string>()
  for (const [at, parameter] of parameters.entries()) {
    const path = ['parameters', at]
    if (seen.has(parameter.name)) return { path: [...path, 'name'], complaint: 'is there twice' }
    seen.add(parameter.name)
    const found = parameterComplaint(parameter)
    if (found !== undefined) return { ...found, path: [...path, ...found.path] }
  }
  return templateComplaint(command) ?? confirmComplaint(command) ?? modeComplaint(command)
}

function parameterComplaint(parameter: Parameter): SavedComplaint | undefined {
  switch (parameter.kind) {
    case 'text':
      return textComplaint(parameter)
    case 'choice':
      return choiceComplaint(parameter)
    case 'number':
      return numberComplaint(parameter)
    case 'secret':
      return undefined
    case 'per-host':
      return perHostComplaint(parameter)
  }
}

function textComplaint({ pattern, minLength = 0, maxLength }: TextParameter) {
  if (maxLength !== undefined && minLength > maxLength) {
    return { path: ['minLength'], complaint: 'is over maxLength' }
  }
  if (pattern === undefined || isPattern(pattern)) return undefined
  return { path: ['pattern'], complaint: 'is no regular expression' }
}

function choiceComplaint({ choices, default: chosen }: ChoiceParameter) {
  const twice = choices.findIndex((choice, at) => choices.indexOf(choice) !== at)
  if (twice >= 0) return { path: ['choices', twice], complaint: 'is there twice' }
  if (chosen === undefined || choices.includes(chosen)) return undefined
  return { path: ['default'], complaint: 'is none of the choices' }
}

function numberComplaint({ min, max }: NumberParameter) {
  const isCrossed = min !== undefined && max !== undefined && min > max
  return isCrossed ? { path: ['min'], complaint: 'is over max' } : undefined
}

function perHostComplaint({ values }: PerHostParameter) {
  const targets = Object.keys(values)
  if (targets.length > limits.parameterChoicesMax) {
    return { path: ['values'], complaint: `has more than ${limits.parameterChoicesMax} entries` }
  }
  for (const target of targets) {
    const complaint = targetComplaint(target)
    if (complaint !== undefined) return { path: ['values', target], complaint }
  }
  return undefined
}

/** Only its form: what it selects may change with every start. */
function targetComplaint(target: string): string | undefined {
  try {
    parseTarget(target)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return `is no target: ${thrown.message.replace(/\.$/, '')}`
  }
}

function isPattern(pattern: string): boolean {
  try {
    wholePattern(pattern)
    return true
  } catch {
    return false
  }
}

/** A value in the text of a command would be code; in all else it is a text, but no secret may be seen there. */
function templateComplaint({ source, parameters = [] }: SavedCommand): SavedComplaint | undefined {
  if (source.kind === 'command') {
    const known = new Set(parameters.map(({ name }) => name))
    const name = placeholdersOf(source.command).find((written) => known.has(written))
    if (name === undefined) return undefined
    const complaint = `holds {{${name}}}: write "$${name}", with its quotes; a parameter comes as an environment variable`
    return { path: ['source', 'command'], complaint }
  }
  const names = placeholdersOfSource(source)
  const found = names.length === 0 ? sourceComplaint(source) : undefined
  if (found !== undefined) return { path: ['source', ...found.path], complaint: found.complaint }
  return placeholderComplaint(names, parameters, ['source'])
}

function confirmComplaint({ confirm, parameters = [] }: SavedCommand): SavedComplaint | undefined {
  if (typeof confirm !== 'string') return undefined
  const names = placeholdersOf(confirm)
  const many = parameters.find(({ kind, name }) => kind === 'per-host' && names.includes(name))
  if (many === undefined) return placeholderComplaint(names, parameters, ['confirm'])
  return {
    path: ['confirm'],
    complaint: `names {{${many.name}}}, which is another one on each host`,
  }
}

function placeholderComplaint(
  names: readonly string[],
  parameters: readonly Parameter[],
  path: readonly string[],
): SavedComplaint | undefined {
  for (const name of names) {
    const parameter = parameters.find((each) => each.name === name)
    if (parameter === undefined)
      return { path, complaint: `names {{${name}}}, which is no parameter` }
    if (parameter.kind === 'secret') {
      return { path, complaint: `names {{${name}}}, which is secret and would be seen there` }
    }
  }
  return undefined
}

function modeComplaint({ source, mode, merged, sudo }: SavedCommand): SavedComplaint | undefined {
  if (source.kind === 'command') return undefined
  const given = Object.entries({ mode, merged, sudo }).find(([, value]) => value !== undefined)
  if (given === undefined) return undefined
  return { path: [given[0]], complaint: 'is only for a command, not for what is followed' }
}
