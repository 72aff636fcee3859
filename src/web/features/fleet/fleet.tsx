/** The hosts of a run on many: counted by state, found by state and name, as a list or as one small cell each. */

import { signal, useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import { type CountedState, countedState } from '../../../shared/counted-state.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { fleetText } from '../../i18n/fleet-text.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { RunModel } from '../runs/run-model.ts'
import { byUrgency, countStates, stateWords } from '../runs/task-counts.ts'
import { withFilter } from '../runs/view-state.ts'
import { Failures } from './failures.tsx'
import { HostGrid } from './host-grid.tsx'
import { HostList } from './host-list.tsx'
import '../../ui/tool-field.css'
import './fleet.css'

export interface FleetProps {
  readonly model: RunModel
  readonly run: Run
}

/** How somebody likes it, for every run that this page shows. */
const look = signal<'list' | 'grid'>('grid')
/** An address cannot name any number of them. */
const namedHostsMax = 100

export function Fleet({ model, run }: FleetProps): VNode {
  const f = fleetText.value
  const states = useSignal<ReadonlySet<CountedState>>(new Set())
  const typed = useSignal('')
  const held = useRef<readonly number[] | null>(null)
  const only = useOnly()
  const wanted = typed.value.trim().toLowerCase()
  // A cell keeps its place, and what changes is seen there; a list begins with what is urgent.
  const isGrid = look.value === 'grid'
  const urgent = inHeldOrder(byUrgency(run), held.current)
  const shown = (isGrid ? run.tasks : urgent).filter(
    (task) =>
      (states.value.size === 0 || states.value.has(countedState(task, run))) &&
      task.host.toLowerCase().includes(wanted),
  )
  const isFiltered = shown.length < run.tasks.length
  return (
    <div
      class="fleet"
      // Rows do not move away under the pointer that is about to press one.
      onPointerEnter={() => {
        held.current = urgent.map(({ id }) => id)
      }}
      onPointerLeave={() => {
        held.current = null
      }}
    >
      <StateFilter
        run={run}
        chosen={states.value}
        onChoose={(next) => {
          states.value = next
        }}
      />
      <Tools
        onType={(next) => {
          typed.value = next
        }}
      />
      {states.value.size === 0 && wanted === '' && <Failures run={run} onOnly={only} />}
      {isFiltered && <Shown tasks={shown} />}
      {isGrid ? (
        <HostGrid run={run} tasks={shown} label={f.gridOf(shown.length)} />
      ) : (
        <HostList run={run} tasks={shown} figures={model.figures.value} />
      )}
    </div>
  )
}

/** In the order in which they stood; those that are new to it last. */
function inHeldOrder(tasks: readonly Task[], order: readonly number[] | null): readonly Task[] {
  if (order === null) return tasks
  const places = new Map(order.map((id, at) => [id, at]))
  const placeOf = ({ id }: Task): number => places.get(id) ?? places.size
  return tasks.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** Shows only the lines of these hosts. */
function useOnly(): (hosts: readonly string[]) => void {
  const { view } = useApp()
  return (hosts) =>
    view.change((state) => withFilter(state, { kind: 'hosts', hosts, isInverse: false }))
}

interface StateFilterProps {
  readonly run: Run
  readonly chosen: ReadonlySet<CountedState>
  readonly onChoose: (states: ReadonlySet<CountedState>) => void
}

/** A bar of all states, and each state with its number as a switch. */
function StateFilter({ run, chosen, onChoose }: StateFilterProps): VNode {
  const t = text.value
  const parts = countStates(run)
  const toggle = (word: CountedState): void => {
    const next = new Set(chosen)
    if (!next.delete(word)) next.add(word)
    onChoose(next)
  }
  return (
    <div class="state-bar">
      <div class="state-parts" aria-hidden="true">
        {parts.map(({ word, tone, count }) => (
          <span key={word} class={`tone-${tone}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <div class="fleet-states" role="group" aria-label={fleetText.value.states}>
        {parts.map(({ word, tone, count }) => (
          <button
            type="button"
            key={word}
            class={`fleet-state tone-${tone}`}
            aria-pressed={chosen.has(word)}
            onClick={() => toggle(word)}
          >
            {stateWords(word, count, t)}
          </button>
        ))}
      </div>
    </div>
  )
}

function Tools({ onType }: { readonly onType: (typed: string) => void }): VNode {
  const f = fleetText.value
  return (
    <div class="fleet-tools">
      <label class="tool-field">
        <Icon name="search" />
        <span class="hidden-visually">{f.find}</span>
        <input
          type="search"
          placeholder={f.find}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </label>
      <span class="segments" role="group" aria-label={f.look}>
        {(['grid', 'list'] as const).map((kind) => (
          <button
            type="button"
            key={kind}
            aria-pressed={look.value === kind}
            onClick={() => {
              look.value = kind
            }}
          >
            {f.looks[kind]}
          </button>
        ))}
      </span>
    </div>
  )
}

/** What the filters leave: their names, folded, and their lines alone. */
function Shown({ tasks }: { readonly tasks: readonly Task[] }): VNode {
  const f = fleetText.value
  const only = useOnly()
  const hosts = tasks.map(({ host }) => host)
  if (hosts.length === 0) return <p class="inspector-empty">{f.none}</p>
  return (
    <p class="fleet-shown">
      <b title={hosts.join(', ')}>{foldHosts(hosts)}</b>
      {hosts.length <= namedHostsMax && (
        <button type="button" class="button small" onClick={() => only(hosts)}>
          {f.onlyTheirs}
        </button>
      )}
    </p>
  )
}
