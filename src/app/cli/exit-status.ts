/** Exit statuses of the command line (`--help` prints them). */
import type { Run, Task } from '../../shared/run.ts'

export const exitStatus = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** As timeout(1): something was stopped, or not started, because its time was over. */
  timeout: 124,
  /** 128 and the number of SIGINT. */
  interrupted: 130,
  terminated: 143,
  /** 128 and the number of SIGPIPE: the reader of the output has gone (`| head`). */
  brokenPipe: 141,
  /** As ssh: no connection, or it was lost before the command's own status was seen. */
  connection: 255,
} as const

/** The command's own status for one host, the worst for several; 124 when the time of any was over. */
export function exitStatusOf(run: Pick<Run, 'tasks'>): number {
  if (run.tasks.some(({ code }) => code === 'timed-out')) return exitStatus.timeout
  return Math.max(0, ...run.tasks.map(statusOfTask))
}

function statusOfTask(task: Task): number {
  // Others have failed before it, and have a status of their own.
  if (task.code === 'too-many-failures') return exitStatus.failed
  return task.state === 'ended' ? (task.exitCode ?? exitStatus.ok) : exitStatus.connection
}
