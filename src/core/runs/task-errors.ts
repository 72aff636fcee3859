/** Why a task is ended by us: what was wished, and what is known of it then. */
import { AppError } from '../../shared/errors.ts'

export function stoppedBeforeStart(): AppError {
  return new AppError('stopped-before-start', 'It was stopped before the command was started.')
}

/** A second wish to stop it, while nobody can reach its host. */
export function givenUp(error: AppError): AppError {
  return new AppError(
    'connection-lost',
    `It was given up while the host could not be reached; the command may still run there. ${error.message}`,
    { hint: 'Look on the host what became of it.' },
  )
}

export function nobodyIsAsked(): AppError {
  return new AppError('login-cancelled', 'Nobody is asked for a run that has ended.')
}
