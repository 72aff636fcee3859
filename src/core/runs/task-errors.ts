/** Why a task is ended by us: what was wished, and what is known of it then. */
import { formatDuration } from '../../shared/duration.ts'
import { AppError } from '../../shared/errors.ts'
import type { RunPlan } from '../../shared/run-plan.ts'
import type { NeverReason, Overdue } from './fan-out.ts'

export function stoppedBeforeStart(): AppError {
  return new AppError('stopped-before-start', 'It was stopped before the command was started.')
}

/** Why a task that waits has no turn any more. */
export function neverStarted(why: NeverReason, plan: RunPlan): AppError {
  switch (why) {
    case 'stopped':
      return stoppedBeforeStart()
    case 'run-overdue':
      return timeOver('run', plan)
    case 'too-many-failures':
      return new AppError(
        'too-many-failures',
        `It was not started, because more than ${plan.maxFailures ?? 0} tasks of this run have failed.`,
      )
  }
}

/** Why a task is stopped that nobody has asked to stop. */
export function timeOver(of: Overdue['of'], plan: RunPlan): AppError {
  const ms = (of === 'run' ? plan.timeoutMs : plan.taskTimeoutMs) ?? 0
  const whose = of === 'run' ? 'the whole run' : 'each host'
  return new AppError('timed-out', `The time of ${whose}, ${formatDuration(ms)}, was over.`)
}

/** A second wish to stop it, while nobody can reach its host: why not, unless no try has failed yet. */
export function givenUp(away: AppError | undefined): AppError {
  const when =
    away === undefined ? 'before the host was reached' : 'while the host could not be reached'
  const why = away === undefined ? '' : ` ${away.message}`
  return new AppError(
    'connection-lost',
    `It was given up ${when}; the command may still run there.${why}`,
    { hint: 'Look on the host what became of it.' },
  )
}

export function nobodyIsAsked(): AppError {
  return new AppError('login-cancelled', 'Nobody is asked for a run that has ended.')
}
