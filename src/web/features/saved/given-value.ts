/** What is typed into the form that starts a saved command, and what a parameter says of itself there. */
import { matchesWhole, valueComplaint } from '../../../shared/parameter-value.ts'
import { isNeeded, type Parameter } from '../../../shared/saved-command.ts'
import { savedText } from '../../i18n/saved-text.ts'

/** What is wrong with it, as a sentence; null when it can be sent. An empty field gives no value. */
export function faultIn(parameter: Parameter, typed: string): string | null {
  const s = savedText.value
  if (typed === '') return isNeeded(parameter) ? s.needed : null
  if (valueComplaint(parameter, typed, matchesSoon) === undefined) return null
  return s.unfit(takes(parameter))
}

/** Beside the field: what it takes, and whether it may be left out. */
export function helpOf(parameter: Parameter): string {
  const s = savedText.value
  if (parameter.kind === 'secret') return s.secretHelp
  const help = takes(parameter)
  const mayLack = parameter.required === false && !('default' in parameter)
  return [help, mayLack ? s.optional : ''].filter((part) => part !== '').join(' · ')
}

function takes(parameter: Parameter): string {
  const help = savedText.value.kindHelp
  switch (parameter.kind) {
    case 'text': {
      const { pattern, minLength, maxLength } = parameter
      const lengths = minLength !== undefined && maxLength !== undefined
      return [
        ...(pattern === undefined ? [] : [help.pattern(pattern)]),
        ...(lengths ? [help.length(minLength, maxLength)] : []),
      ].join(' · ')
    }
    case 'number': {
      const { min, max, integer } = parameter
      const kind = integer === true ? help.whole : help.number
      return [kind, ...boundsOf(min, max)].join(' · ')
    }
    case 'per-host': {
      const values = Object.entries(parameter.values).map(([on, value]) => `${on}: ${value}`)
      return help.perHost(values.join(', '))
    }
    case 'choice':
    case 'secret':
      return ''
  }
}

function boundsOf(min: number | undefined, max: number | undefined): string[] {
  const help = savedText.value.kindHelp
  if (min !== undefined && max !== undefined) return [help.between(min, max)]
  if (min !== undefined) return [help.atLeast(min)]
  return max === undefined ? [] : [help.atMost(max)]
}

/** Long texts are left to the server: a pattern may take years on them, and this tab would stand still. */
function matchesSoon(pattern: string, text: string): boolean {
  return text.length > looksAtMost || matchesWhole(pattern, text)
}

const looksAtMost = 200
