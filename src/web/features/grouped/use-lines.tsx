/** The lines of a task while a pane shows them, and what stands there until they have come. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import type { TaskGroup } from '../../../shared/protocol/groups.ts'
import { Said } from '../../ui/said.tsx'
import type { TaskTexts } from './task-texts.ts'

export interface LinesOf {
  readonly lines: readonly WireLine[] | null
  readonly problem: AppError | null
}

/** The lines of the first task of a group; those that are known while further ones come. */
export function useLines(texts: TaskTexts, { tasks, lines }: TaskGroup): LinesOf {
  const task = tasks[0] ?? 0
  const count = lines.out + lines.err
  const [state, setState] = useState<LinesOf>({ lines: null, problem: null })
  useEffect(() => {
    let isHere = true
    texts.read(task, count).then(
      (read) => isHere && setState({ lines: read, problem: null }),
      (thrown: unknown) => isHere && setState({ lines: null, problem: toAppError(thrown) }),
    )
    return () => {
      isHere = false
    }
  }, [texts, task, count])
  return state
}

export function Waiting({ problem }: Pick<LinesOf, 'problem'>): VNode {
  if (problem === null) return <p class="pane-wait" aria-busy="true" />
  return (
    <p class="pane-note">
      <Said of={problem} />
    </p>
  )
}
