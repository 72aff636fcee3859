/** The hosts of a run that are away while their task is not over, by what becomes of it. */
import type { Run, Task } from '../../../shared/run.ts'

export type AwayKind = 'reconnecting' | 'refused' | 'stopping'

export interface AwayHosts {
  readonly kind: AwayKind
  readonly tasks: readonly Task[]
}

/** What wants a person first. A task that asks a question has its dialog and is not named here. */
export function awayHosts(run: Run): readonly AwayHosts[] {
  return kinds.flatMap((kind) => {
    const tasks = run.tasks.filter((task) => awayKind(task) === kind)
    return tasks.length === 0 ? [] : [{ kind, tasks }]
  })
}

/** Null while there is a connection, or nothing to connect for. */
export function awayKind({ state, question, awaySince }: Task): AwayKind | null {
  if (state === 'reconnecting') return 'reconnecting'
  if (state === 'needs-input') return question === null ? 'refused' : null
  return state === 'stopping' && awaySince !== null ? 'stopping' : null
}

/** A stop that was asked waits for a host: asked again, the task is given up. */
export function canGiveUp(run: Run): boolean {
  return run.state === 'stopping' && run.tasks.some((task) => awayKind(task) === 'stopping')
}

/** Up to three names; of more the first two, and how many there are beside them. */
export function namesOf(tasks: readonly Task[]): string {
  const names = tasks.map(({ host }) => host)
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} +${names.length - 2}`
}

/** Milliseconds since the first of them went away; null when none says since when. */
export function awayMs(tasks: readonly Task[], now: number): number | null {
  const times = tasks.flatMap(({ awaySince }) =>
    awaySince === null ? [] : [Date.parse(awaySince)],
  )
  return times.length === 0 ? null : Math.max(0, now - Math.min(...times))
}

const kinds: readonly AwayKind[] = ['refused', 'stopping', 'reconnecting']
