/** What of the options is not as usual, beside their button. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { optionsSummary } from './run-options.ts'

export function OptionsSummary(): VNode {
  const { draft } = useApp()
  const words = optionsSummary(draft.options.value)
  return (
    <span class="command-plan" title={words}>
      {words}
    </span>
  )
}
