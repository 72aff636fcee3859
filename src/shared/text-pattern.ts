/** What a search looks for in a line: text or a regular expression, with or without regard to case. */
import { AppError } from './errors.ts'

export interface TextPattern {
  readonly text: string
  readonly isRegex: boolean
  readonly ignoresCase: boolean
}

/** All places of the pattern in a text. Throws `bad-pattern` for what is no regular expression. */
export function compilePattern({ text, isRegex, ignoresCase }: TextPattern): RegExp {
  const source = isRegex ? text : text.replaceAll(special, String.raw`\$&`)
  const flags = ignoresCase ? 'gi' : 'g'
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    // Much that people write by habit, as "\-" or "{", is only allowed without "u".
    return compileLoosely(source, flags)
  }
}

function compileLoosely(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    const why =
      cause instanceof Error ? cause.message.slice(cause.message.lastIndexOf(': ') + 2) : ''
    throw new AppError(
      'bad-pattern',
      `"${source}" is not a regular expression${why === '' ? '' : `: ${why}`}.`,
      { cause },
    )
  }
}

const special = /[\\^$.*+?()[\]{}|/]/g

/** Smart case: who writes no capital letter does not mean one. Escapes as `\S` are no capitals. */
export function ignoresCaseOf(text: string, isRegex: boolean): boolean {
  const letters = isRegex ? text.replaceAll(/\\(?:[pP]\{[^}]*\}|.)/gsu, '') : text
  return letters === letters.toLowerCase()
}
