/** Every host of the run: state, exit code or signal, and why it failed. */
import type { VNode } from 'preact'
import type { Run } from '../../../shared/run.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { HostRow } from './host-row.tsx'
import type { RunModel } from './run-model.ts'
import { countStates, stateWords } from './task-counts.ts'

const Fleet = lazy(async () => (await import('../fleet/fleet.tsx')).Fleet)

/** More are sorted, found by name or state, and shown as far as they are in sight. */
const plainHostsMax = 12

export function HostsTab({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null) return null
  if (run.tasks.length > plainHostsMax) return <Fleet model={model} run={run} />
  return (
    <>
      <StateBar run={run} />
      <ul class="hosts">
        {run.tasks.map((task) => (
          <HostRow key={task.id} run={run} task={task} figures={model.figures.value} />
        ))}
      </ul>
    </>
  )
}

/** How many hosts are in which state: a bar, and the same in words. */
function StateBar({ run }: { readonly run: Run }): VNode {
  const t = text.value
  const parts = countStates(run)
  return (
    <div class="state-bar">
      <div class="state-parts" aria-hidden="true">
        {parts.map(({ word, tone, count }) => (
          <span key={word} class={`tone-${tone}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <p>
        {parts.map(({ word, tone, count }) => (
          <span key={word} class={`state-word tone-${tone}`}>
            {stateWords(word, count, t)}
          </span>
        ))}
      </p>
    </div>
  )
}
