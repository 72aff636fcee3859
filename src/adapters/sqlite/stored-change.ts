/** What changes of a run and its tasks, as it is sent to the writer. */
import { checkProgress } from '../../core/store/log-rules.ts'
import type { Append } from '../../core/store/log-store.ts'
import type { StoredChange } from './messages.ts'

/** Throws `progress-too-large`. */
export function toStoredChange(change: Pick<Append, 'tasks' | 'state' | 'progress'>): StoredChange {
  checkProgress(change.progress)
  return {
    tasks: change.tasks.map((task) => ({ id: task.id, body: JSON.stringify(task) })),
    state: change.state,
    progress: change.progress ?? [],
  }
}
