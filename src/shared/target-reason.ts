/** Why a target names no host at all. */
import { AppError } from './errors.ts'
import { foldHosts } from './host-set.ts'
import type { TargetWord } from './target-words.ts'

/** The operator that has taken the last hosts, and what was there before it. */
interface Emptied {
  readonly by: TargetWord
  readonly before: readonly string[]
}

/** Undefined for `emptied`: there never was one. */
export function reasonOfNone(
  terms: readonly TargetWord[],
  emptied: Emptied | undefined,
  isInventoryEmpty: boolean,
): AppError {
  if (emptied !== undefined) {
    return new AppError('bad-target', `${takenBy(emptied, terms)}.`, { hint: orderHint(terms) })
  }
  if (isInventoryEmpty) {
    return new AppError('bad-target', 'The target names no host: the inventory has none.', {
      hint: 'Name hosts themselves, or add them: see "farglass hosts --help".',
    })
  }
  const texts = terms.filter(({ operator }) => operator === ',').map(({ text }) => `"${text}"`)
  return new AppError('bad-target', `No host of the inventory matches ${texts.join(' or ')}.`, {
    hint: 'See "farglass hosts" for those that are known.',
  })
}

function takenBy({ by, before }: Emptied, terms: readonly TargetWord[]): string {
  const left = terms
    .slice(0, terms.indexOf(by))
    .map(({ operator, text }, index) => (index === 0 ? text : operator + text))
    .join('')
  const hosts = foldHosts(before)
  const are = before.length === 1 ? 'is' : 'are'
  switch (by.operator) {
    case '!':
      return left === hosts
        ? `The target names no host: "!${by.text}" takes out all of ${clipped(left)}`
        : `${clipped(left)} has no hosts but ${clipped(hosts)}, which ${are} taken out by "!${by.text}"`
    case '&':
      return `No host is both in ${clipped(left)} and in "${by.text}"`
    case '^':
    case ',':
      return `${clipped(left)} and "${by.text}" name the same hosts, so "^" leaves none`
  }
}

function clipped(text: string): string {
  return text.length > 100 ? `"${text.slice(0, 99)}…"` : `"${text}"`
}

function orderHint(terms: readonly TargetWord[]): string {
  const hint = 'Operators are worked off from left to right.'
  return terms.length > 2 ? `${hint} There are no parentheses.` : hint
}
