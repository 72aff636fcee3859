/** The lines of a run as the log shows them: all, or those that the filters leave. */
import { computed } from '@preact/signals'
import { partialsOf } from '../runs/partials.ts'
import type { RunModel } from '../runs/run-model.ts'
import type { LinesModel } from './line-list.tsx'

export function linesOfRun(model: RunModel): LinesModel {
  const { id, run, follow, selected, anchor, text, target, figures, seen, drawn, marks } = model
  const shared = { id, run, follow, selected, anchor, text, target, figures, seen, drawn, marks }
  const { lines } = model
  return {
    ...shared,
    lines,
    partials: computed(() => partialsOf(model.partials.value, lines.value)),
    isOneHost: false,
    jumpToLatest: () => model.jumpToLatest(),
  }
}
