/** Splits a target into its words and the operators between them. */
import { targetFault } from './target-fault.ts'

/** Union, intersection, difference, symmetric difference. */
export type SetOperator = ',' | '&' | '!' | '^'

export interface TargetWord {
  /** What joins it to all before it; "," for the first one. */
  readonly operator: SetOperator
  readonly text: string
  /** Where it begins, from 0. */
  readonly at: number
}

/** Commas and blanks join; those between brackets belong to the word. Throws `bad-target`. */
export function splitTarget(target: string): readonly TargetWord[] {
  const words: TargetWord[] = []
  /** Since the last word. */
  let operator: PlacedOperator | undefined
  for (const [token, at] of tokensOf(target)) {
    const sign = operatorOf(token)
    if (sign === undefined) {
      words.push({ operator: operator?.sign ?? ',', text: token, at })
      operator = undefined
    } else operator = following(operator, { sign, at }, words.length === 0)
  }
  if (operator !== undefined && operator.sign !== ',') {
    throw targetFault(operator.at, `a host or group is missing after "${operator.sign}"`)
  }
  return words
}

interface PlacedOperator {
  readonly sign: SetOperator
  readonly at: number
}

/** Commas too many do no harm; any other sign needs something on both sides. */
function following(
  before: PlacedOperator | undefined,
  operator: PlacedOperator,
  isFirst: boolean,
): PlacedOperator {
  if (before?.sign === ',' && operator.sign === ',') return operator
  if (before !== undefined) {
    const { at } = operator.sign === ',' ? before : operator
    throw targetFault(at, `there is nothing between "${before.sign}" and "${operator.sign}"`)
  }
  if (!isFirst || operator.sign === ',') return operator
  throw targetFault(operator.at, nothingBefore(operator.sign), startHint)
}

const startHint = 'Write @*!web-2 for all known hosts but web-2.'

function nothingBefore(sign: SetOperator): string {
  return sign === '!' ? '"!" has nothing to take from' : `there is nothing before "${sign}"`
}

function operatorOf(token: string): SetOperator | undefined {
  return token === ',' || token === '&' || token === '!' || token === '^' ? token : undefined
}

/** Words and operators with their places; blanks outside of brackets only part them. */
function* tokensOf(target: string): Generator<readonly [string, number]> {
  let start = -1
  let open = -1
  for (let at = 0; at < target.length; at++) {
    const character = target.charAt(at)
    open = bracketAfter(character, at, open)
    const ends = open < 0 && /[,&!^\s]/.test(character)
    if (!ends) {
      if (start < 0) start = at
      continue
    }
    if (start >= 0) yield [target.slice(start, at), start]
    start = -1
    if (operatorOf(character) !== undefined) yield [character, at]
  }
  if (open >= 0) throw targetFault(open, 'the "]" to this "[" is missing')
  if (start >= 0) yield [target.slice(start), start]
}

/** Where the bracket that is open after this character has begun; -1 without one. */
function bracketAfter(character: string, at: number, open: number): number {
  if (character === '[') {
    if (open >= 0) throw targetFault(at, 'there is a "[" within brackets')
    return at
  }
  if (character !== ']') return open
  if (open < 0) throw targetFault(at, 'there is a "]" without "["')
  return -1
}
