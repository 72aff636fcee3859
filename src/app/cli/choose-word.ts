/** Commands as `farglass saved`, whose first word says what is to be done. */
import { nearest } from '../../shared/nearest.ts'
import type { UsageError } from '../usage-error.ts'
import { type CommandLine, type CommandSpec, usage } from './command-line.ts'

export interface WordRule {
  /** Words that must follow it, as "a NAME". */
  readonly needs: readonly string[]
  /** How many may follow; no more than it needs without this. */
  readonly most?: number
}

export interface ChosenWord<Rule> {
  readonly rule: Rule
  /** Those that follow it. */
  readonly words: readonly string[]
}

/** Without any word it is `list`. Throws a usage error for another word, and for too few or too many that follow. */
export function chooseWord<Rule extends WordRule>(
  spec: CommandSpec,
  line: CommandLine,
  rules: Readonly<Record<string, Rule>>,
): ChosenWord<Rule> {
  const [word = 'list', ...words] = line.words
  const rule = Object.hasOwn(rules, word) ? rules[word] : undefined
  if (rule === undefined) throw unknownWord(spec, word, Object.keys(rules))
  if (line.rest !== undefined) throw usage(spec, '"--" is one word too many')
  const { needs, most = needs.length } = rule
  if (words.length < needs.length) {
    throw usage(spec, `"farglass ${spec.name} ${word}" needs ${needs.join(' and ')}`)
  }
  const extra = words[most]
  if (extra !== undefined) throw usage(spec, `"${extra}" is one word too many`)
  return { rule, words }
}

function unknownWord(spec: CommandSpec, word: string, known: readonly string[]): UsageError {
  const near = nearest(word, known)
  const guess = near === undefined ? '' : `; did you mean "farglass ${spec.name} ${near}"?`
  return usage(spec, `"farglass ${spec.name}" has no "${word}"${guess}`)
}
