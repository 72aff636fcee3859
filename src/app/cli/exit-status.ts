/** Exit statuses of the command line (`--help` prints them). */
import type { Run, Task } from '../../shared/run.ts'

export const exitStatus = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** As timeout(1). */
  timeout: 124,
  /** 128 and the number of SIGINT. */
  interrupted: 130,
  terminated: 143,
  /** 128 and the number of SIGPIPE: the reader of the output has gone (`| head`). */
  brokenPipe: 141,
  /** As ssh: no connection, or it was lost before the command's own status was seen. */
  connection: 255,
} as const

/** The command's own status for one host, the worst for several. */
export function exitStatusOf(run: Pick<Run, 'tasks'>): number {
  return Math.max(0, ...run.tasks.map(statusOfTask))
}

function statusOfTask(task: Task): number {
  return task.state === 'ended' ? (task.exitCode ?? exitStatus.ok) : exitStatus.connection
}
