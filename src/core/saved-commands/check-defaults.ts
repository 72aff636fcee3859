/** Whether a saved command takes its own defaults: who starts it cannot mend them. */
import { AppError } from '../../shared/errors.ts'
import { type MatchesWhole, valueComplaint } from '../../shared/parameter-value.ts'
import type { SavedCommand } from '../../shared/saved-command.ts'

/** Throws `bad-request` with the name of the parameter. */
export function checkDefaults(
  { parameters = [] }: Pick<SavedCommand, 'parameters'>,
  matches: MatchesWhole,
): void {
  for (const parameter of parameters) {
    if (parameter.kind === 'secret' || parameter.default === undefined) continue
    const complaint = valueComplaint(parameter, String(parameter.default), matches)
    if (complaint === undefined) continue
    throw new AppError(
      'bad-request',
      `The default of the parameter "${parameter.name}" ${complaint}.`,
    )
  }
}
