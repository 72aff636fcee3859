/** A task as the row that is stored. */
import type { Task } from '../../shared/run.ts'
import type { TaskRow } from './messages.ts'

export function toTaskRow(task: Task): TaskRow {
  return { id: task.id, body: JSON.stringify(task) }
}
