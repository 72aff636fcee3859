/** While nothing of a run is printed yet: how many of its hosts are done, on a terminal. */
import type { FollowEvent } from '../../client/api.ts'
import type { Task } from '../../shared/run.ts'
import { countsText } from '../../shared/task-counts.ts'
import type { CliContext } from './context.ts'
import { createProgress } from './progress.ts'

export interface RunProgress extends AsyncDisposable {
  /** Writes as the other one does, and takes the line of the progress away before. */
  readonly context: CliContext
  /** What has become of the run; to be called after the event was printed. */
  take(event: FollowEvent): Promise<void>
}

/** `count` says it in words; without it as the last line of a run does: "7 ok · 1 failed". */
export function createRunProgress(
  context: CliContext,
  count: (tasks: readonly Task[]) => string = countsText,
): RunProgress {
  const { output } = context
  const progress = createProgress(output)
  const tasks = new Map<number, Task>()
  return {
    context: {
      output: {
        ...output,
        get columns() {
          return output.columns
        },
        write: async (target, data) => {
          await progress.clear()
          await output.write(target, data)
        },
      },
      say: async (text) => {
        await progress.clear()
        await context.say(text)
      },
    },
    take: async (event) => {
      if (event.kind === 'run') for (const task of event.run.tasks) tasks.set(task.id, task)
      if (event.kind === 'task') tasks.set(event.task.id, event.task)
      const all = [...tasks.values()]
      // A question stands on the terminal until it is answered.
      if (event.kind === 'end' || all.some(({ question }) => question !== null)) {
        await progress.clear()
      } else if (all.length > 0) await progress.show(count(all))
    },
    [Symbol.asyncDispose]: () => progress[Symbol.asyncDispose](),
  }
}
