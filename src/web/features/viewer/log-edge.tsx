/** The row at an edge of what the page holds: it says what lies beyond, so that nothing is silently missing. */
import type { VNode } from 'preact'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from '../runs/run-model.ts'

export interface LogEdgeProps {
  readonly model: RunModel
  readonly edge: 'start' | 'end'
}

export function LogEdge({ model, edge }: LogEdgeProps): VNode | null {
  // Each change of the buffer redraws this row.
  void model.version.value
  const t = text.value
  const run = model.run.value
  if (run === null) return null
  const { buffer } = model
  const isStart = edge === 'start'
  const count = isStart ? buffer.first - run.first : model.tail.value - buffer.end
  if (count <= 0) {
    if (!isStart || run.first === 0) return null
    return <p class="log-edge">{t.removedBefore(run.first)}</p>
  }
  return (
    <p class="log-edge">
      <span>{isStart ? t.earlier(count) : t.later(count)}</span>
      <button
        type="button"
        class="button small"
        disabled={model.loading.value}
        onClick={() => void (isStart ? model.loadEarlier() : model.loadLater())}
      >
        {isStart && <Icon name="up" />}
        {model.loading.value ? t.loading : t.load}
      </button>
    </p>
  )
}
