/** A saved command as text for a terminal. */
import type { Parameter, StoredCommand } from '../../shared/saved-command.ts'
import { sourceText } from '../../shared/source.ts'
import { factsText } from './table-text.ts'

/** All of it, and how it is started. */
export function savedText(command: StoredCommand): string {
  const { name, description, tags, target, source, parameters = [], confirm } = command
  const asks = confirm === true ? 'yes' : confirm === false ? undefined : confirm
  const rows = [
    ['Name', name],
    ['Description', description],
    ['Tags', tags?.join(', ')],
    ['Target', target],
    ['Runs', sourceText(source)],
    ['Asks first', asks],
    ...parameters.map((parameter, at) => [at === 0 ? 'Parameters' : '', parameterText(parameter)]),
    ['Start', startText(command)],
  ]
  return factsText(
    rows.flatMap(([name = '', value = '']) => (value === '' ? [] : [[name, value] as const])),
  )
}

function parameterText(parameter: Parameter): string {
  const { name, label, required } = parameter
  const words = [
    kindText(parameter),
    ...('default' in parameter ? [`default ${parameter.default}`] : []),
    ...(required === false ? ['may be left out'] : []),
  ].join('; ')
  return `${name}${label === undefined ? '' : ` (${label})`}: ${words}`
}

function kindText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'text':
      return parameter.pattern === undefined ? 'text' : `text like ${parameter.pattern}`
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`
    case 'number': {
      const { min, max, integer } = parameter
      const bounds = [
        min === undefined ? '' : ` from ${min}`,
        max === undefined ? '' : ` to ${max}`,
      ]
      return `${integer === true ? 'whole number' : 'number'}${bounds.join('')}`
    }
    case 'secret':
      return 'secret'
    case 'per-host':
      return Object.entries(parameter.values)
        .map(([target, value]) => `${value} on ${target}`)
        .join(', ')
  }
}

function startText({ name, target, parameters = [] }: StoredCommand): string {
  const words = parameters
    .filter(({ kind, required }) => kind !== 'secret' && kind !== 'per-host' && required !== false)
    .filter((parameter) => !('default' in parameter))
    .map((parameter) => `${parameter.name}=…`)
  const where = target === undefined ? ' TARGET' : ''
  return `farglass run${where} --saved ${name}${words.length === 0 ? '' : ` -- ${words.join(' ')}`}`
}
