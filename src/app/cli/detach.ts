/** `farglass run --detach`: starts a run and leaves it, to the server that carries it or to its hosts. */
import type { RunRequest } from '../../shared/protocol/requests.ts'
import { isFinal, type Run, type Task } from '../../shared/run.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandLine } from './command-line.ts'
import type { Connection } from './connect.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { exitStatus } from './exit-status.ts'
import { createQuestions } from './questions.ts'
import { createRunProgress } from './run-progress.ts'
import { terminalText } from './terminal-text.ts'

export interface Detached {
  readonly context: CliContext
  readonly line: CommandLine
  readonly connection: Connection
  /** What decides whether it can be left. */
  readonly how: Pick<RunRequest, 'mode' | 'timeoutMs' | 'taskTimeoutMs'>
  readonly start: () => Promise<Run>
  readonly sudoPassword?: string | undefined
}

/** Prints the id once the run can be left: with a server at once, else when it was started everywhere. */
export async function detach(detached: Detached): Promise<number> {
  const { connection, how } = detached
  const { server } = connection
  if (server === null && (how.mode ?? 'durable') !== 'durable') {
    throw new UsageError(
      '--detach with this --mode needs a server that holds the connection.',
      'Start "farglass serve", name one with --server URL, or leave --mode out.',
    )
  }
  if (server === null && (how.timeoutMs ?? how.taskTimeoutMs) !== undefined) {
    throw new UsageError(
      '--detach with a time needs a server that watches it.',
      'Start "farglass serve", name one with --server URL, or leave the time out.',
    )
  }
  const run = await detached.start()
  if (server === null) return leaveOnHosts(run.id, detached)
  await print(run, detached)
  return exitStatus.ok
}

/** Its id, for programs all of it. */
async function print(run: Run, { context, line }: Detached): Promise<void> {
  await context.output.write('out', `${line.has('json') ? JSON.stringify(run) : run.id}\n`)
}

async function leaveOnHosts(id: string, detached: Detached): Promise<number> {
  const { context, connection } = detached
  const { api } = connection
  let isStopped = false
  using _interrupt = onStopSignal(() => {
    isStopped = true
    void context.say('stopping the run before it is left; press Ctrl-C again to leave at once.')
    void api.stop(id).catch(() => undefined)
  })
  const run = await started(id, detached)
  if (isStopped) return exitStatus.interrupted
  for (const task of run.tasks) {
    const why = whyNotLeft(task)
    if (why !== null) await context.say(terminalText(`${task.host}: ${why}`))
  }
  await print(run, detached)
  return run.tasks.every((task) => whyNotLeft(task) === null)
    ? exitStatus.ok
    : exitStatus.connection
}

/** The run once every task was started or is over. Questions about host keys and passwords are asked here. */
async function started(id: string, detached: Detached): Promise<Run> {
  const { line, connection, sudoPassword } = detached
  const { api } = connection
  await using progress = createRunProgress(detached.context, startedText)
  const { context } = progress
  const questions = createQuestions({
    acceptedKeys: line.values('accept-host-key'),
    sudoPassword,
    answer: (task, answer) => api.answer(id, task, answer),
    say: context.say,
  })
  const enough = new AbortController()
  try {
    for await (const event of api.follow(id, 0, enough.signal)) {
      const run = await api.get(id)
      await progress.take({ kind: 'run', run })
      for (const task of run.tasks) questions.take(task)
      const isLeft = run.state !== 'stopping' && run.tasks.every(wasStarted)
      if (isLeft || event.kind === 'end') return run
    }
    return await api.get(id)
  } finally {
    enough.abort()
    questions.close()
  }
}

function startedText(tasks: readonly Task[]): string {
  return `started on ${tasks.filter(wasStarted).length} of ${tasks.length} hosts`
}

function wasStarted({ startedAt, state }: Task): boolean {
  return startedAt !== null || isFinal(state)
}

/** A sentence when nothing goes on on the host that could be found again. */
function whyNotLeft({ mode, state, message }: Task): string | null {
  if (state === 'failed' || state === 'lost') return `${state}: ${message ?? ''}`
  if (isFinal(state) || mode === 'durable') return null
  return 'it cannot hold a durable run, so the command is stopped there. Start "farglass serve", which can hold its connection.'
}
