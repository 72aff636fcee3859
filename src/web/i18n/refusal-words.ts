/** Why something did not work, in the language of the page; the server's own words hold the names and figures. */
import { displayText } from '../../shared/display.ts'
import { type ErrorCode, errorTable } from '../../shared/errors.ts'
import { text } from './text.ts'

/** An error, or why a task failed: its message then ends with the hint. */
export interface Refusal {
  /** Null, or not there: nobody knows more than the message. */
  readonly code?: ErrorCode | null
  readonly message: string
  readonly hint?: string
}

export interface RefusalWords {
  readonly sentence: string
  /** What the server said, where the sentence is not that. */
  readonly detail: string | null
}

export function refusalWords(refusal: Refusal): RefusalWords {
  const { code = null, message, hint = '' } = refusal
  const said = displayText(`${message} ${hint}`.trim())
  const known = code === null ? undefined : text.value.errorWords[code]
  if (code === null || known === undefined) return { sentence: said, detail: null }
  const usual = ` ${errorTable[code].hint}`
  // Another hint than the usual one of its code says something that the catalog cannot know.
  if (!said.endsWith(usual)) return { sentence: known.what, detail: said }
  return { sentence: known.what + known.todo, detail: said.slice(0, -usual.length) }
}

/** Both in one, for where no more than a text can stand. */
export function refusalText(refusal: Refusal): string {
  const { sentence, detail } = refusalWords(refusal)
  return detail === null ? sentence : `${sentence} ${detail}`
}
