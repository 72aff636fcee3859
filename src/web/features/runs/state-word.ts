/** The state of a task as it stands beside its host: its exit code once there is one. */
import type { Task } from '../../../shared/run.ts'
import type { Catalog } from '../../i18n/en.ts'

export function stateWord({ state, exitCode, signal }: Task, t: Catalog): string {
  if (state !== 'ended' || exitCode === null) return t.taskStates[state]
  return signal === null ? t.exit(exitCode) : `${t.exit(exitCode)} ${signal}`
}
