/** What is told of a durable run: its notes, gaps and errors. */
import { AppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'

export const cutReason = 'the file that holds the output on the host was cut'
export const changedReason =
  'the file that holds the output on the host was cut, and has grown over this byte again'
export const goneReason = 'the file that held the output on the host is gone'

export const heldNote =
  'held: the command was stopped for a while on its host, because more than 1 GiB of output waited there to be fetched'

export const fullNote =
  'gap: the disk of the host was full when the command ended: some of its output may not have been written'

export function leftNote(pids: readonly number[]): string {
  const processes = pids.length === 1 ? '1 process' : `${pids.length} processes`
  return `background: ${processes} of the command go on on the host (${pids.join(', ')}); what they print from now on is not read`
}

export function neverStarted(): AppError {
  return new AppError(
    'server-stopped',
    'Farglass itself was stopped before the command was started on this host, so it was not started.',
  )
}

export function startUnknown(): AppError {
  const seconds = limits.startAnswerMs / 1_000
  return new AppError(
    'start-unknown',
    `The start of the command was begun, but it did not show up within ${seconds} s: whether it ran is not known.`,
  )
}

export function exitUnknown(why: string): AppError {
  return new AppError('exit-unknown', `Nobody knows how the command ended: ${why}.`)
}

export function rebooted(): AppError {
  return new AppError('host-rebooted', 'The host was restarted while the command ran.')
}
