/** Hosts as rows of one height, of which only those in sight are in the page. */
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import type { Run, Task } from '../../../shared/run.ts'
import type { Figures } from '../runs/counters.ts'
import { HostRow } from '../runs/host-row.tsx'
import { useWindow } from './use-window.ts'

export interface HostListProps {
  readonly run: Run
  readonly tasks: readonly Task[]
  readonly figures: Figures
}

/** As fleet.css has it. */
const rowPx = 42

export function HostList({ run, tasks, figures }: HostListProps): VNode {
  const list = useRef<HTMLUListElement>(null)
  const { first, end } = useWindow(list, { count: tasks.length, rowPx })
  return (
    <ul
      class="hosts fleet-list"
      ref={list}
      style={{
        paddingTop: `${first * rowPx}px`,
        paddingBottom: `${(tasks.length - end) * rowPx}px`,
      }}
    >
      {tasks.slice(first, end).map((task, at) => (
        <HostRow
          key={task.id}
          run={run}
          task={task}
          figures={figures}
          place={{ at: first + at, of: tasks.length }}
        />
      ))}
    </ul>
  )
}
