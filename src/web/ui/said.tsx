/** A sentence of the page, or why something did not work with what the server said of it beside. */
import type { VNode } from 'preact'
import { type Refusal, refusalWords } from '../i18n/refusal-words.ts'

export type Sayable = string | Refusal

export function Said({ of }: { readonly of: Sayable }): VNode {
  if (typeof of === 'string') return <>{of}</>
  const { sentence, detail } = refusalWords(of)
  if (detail === null) return <>{sentence}</>
  return (
    <span class="said">
      {sentence}
      <small lang="en">{detail}</small>
    </span>
  )
}
