/** A run that this command has started, carried to its end. */
import { sentenceOf, toAppError } from '../../shared/errors.ts'
import type { Run } from '../../shared/run.ts'
import type { CommandLine } from './command-line.ts'
import type { Connection } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus, exitStatusOf } from './exit-status.ts'
import type { Grouped } from './grouping-flags.ts'
import { createLinePrinter } from './line-printer.ts'
import { printGroups } from './print-groups.ts'
import { createQuestions } from './questions.ts'
import { createRunProgress } from './run-progress.ts'
import { watchRun } from './watch.ts'

export interface Carried {
  readonly context: CliContext
  readonly line: CommandLine
  readonly connection: Connection
  readonly started: Run
  /** How the lines are printed at the end, those that several hosts have alike once; null for as they come. */
  readonly grouped?: Grouped | null
  readonly sudoPassword?: string | undefined
}

/** Prints its lines and puts its questions until it ends; Ctrl-C stops it. Gives the exit status. */
export async function carryRun({
  context,
  line,
  connection,
  started,
  grouped = null,
  sudoPassword,
}: Carried): Promise<number> {
  await using progress = grouped === null ? null : createRunProgress(context)
  const { output, say } = progress?.context ?? context
  const { api } = connection
  const { id } = started
  const leave = new AbortController()
  const hint = leavingHint(started, connection.server !== null)
  let status: number | undefined
  const stop = (why: number, sentence: string) => {
    status ??= why
    void say(sentence)
    api.stop(id).catch(async (thrown: unknown) => {
      await say(`the run could not be stopped: ${sentenceOf(toAppError(thrown))}`)
      leave.abort()
    })
  }
  using _interrupt = onStopSignal((signal) => {
    const why = signal === 'SIGINT' ? exitStatus.interrupted : exitStatus.terminated
    stop(why, `stopping the run on its hosts; press Ctrl-C again to leave at once${hint}.`)
  })
  const questions = createQuestions({
    acceptedKeys: line.values('accept-host-key'),
    sudoPassword,
    answer: (task, answer) => api.answer(id, task, answer),
    say,
  })
  const printer = createLinePrinter({
    output,
    json: line.has('json') && grouped === null,
    raw: line.has('raw'),
    bytes: connection.bytesOf(id),
    notesOnly: grouped !== null,
  })
  try {
    const ended = await watchRun({
      context,
      api,
      id,
      from: 0,
      printer,
      questions,
      progress,
      signal: leave.signal,
    })
    if (ended !== undefined) {
      if (grouped !== null) await printGroups({ api, run: ended, output, how: grouped })
      return status ?? exitStatusOf(ended)
    }
    if (!output.closed.aborted) return status ?? exitStatus.failed
    await api.stop(id)
    return exitStatus.brokenPipe
  } finally {
    questions.close()
  }
}

/** Where a durable run is found that is left before its end; others end with this command. */
function leavingHint({ id, mode, source }: Run, hasServer: boolean): string {
  if (hasServer || mode !== 'durable' || source.kind !== 'command') return ''
  return `: what has not ended by then goes on, and "farglass attach ${id}" finds it`
}
