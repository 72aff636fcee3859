/** In the status bar: how long the lines of the run stay. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import type { RunModel } from '../runs/run-model.ts'
import { keptText, keptWord } from './kept-text.ts'
import { useRules } from './use-rules.ts'

export function KeptState({ model }: { readonly model: RunModel }): VNode | null {
  const { preferences } = useApp()
  const run = model.run.value
  // They may have changed while this page was away.
  const rules = useRules(`${run?.state} ${model.connection.value.kind}`)
  const word = run === null ? null : keptWord(run, rules)
  if (run === null || word === null) return null
  return (
    <span class="status-item" title={keptText(run, rules, preferences.locale.value) ?? ''}>
      {word}
    </span>
  )
}
