/** Follows a run to its end: prints its lines, puts its questions, hears Ctrl-C. */
import type { FarglassApi } from '../../client/api.ts'
import type { Run, RunId } from '../../shared/run.ts'
import type { CliContext } from './context.ts'
import type { LinePrinter } from './line-printer.ts'
import type { Questions } from './questions.ts'
import type { RunProgress } from './run-progress.ts'

export interface Watch {
  readonly context: CliContext
  readonly api: FarglassApi
  readonly id: RunId
  readonly from: number
  readonly printer: LinePrinter
  /** Undefined when this command only watches. */
  readonly questions?: Questions
  readonly signal: AbortSignal
  /** Told of each event once it is printed. */
  readonly progress?: RunProgress | null
}

/** The run at its end; undefined when the signal aborted, or nobody reads the output any more. */
export async function watchRun(watch: Watch): Promise<Run | undefined> {
  const { output } = watch.context
  const signal = AbortSignal.any([watch.signal, output.closed])
  let last: Run | undefined
  for await (const event of watch.api.follow(watch.id, watch.from, signal)) {
    if (signal.aborted) return undefined
    await watch.printer.take(event)
    await watch.progress?.take(event)
    if (event.kind === 'task') watch.questions?.take(event.task)
    if (event.kind === 'run') for (const task of event.run.tasks) watch.questions?.take(task)
    if (event.kind === 'end') last = event.run
  }
  await output.drain()
  return output.closed.aborted ? undefined : last
}
