/** Refuses a start that a person has to confirm first, unless the request says that one has. */
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import { fillText } from '../../shared/placeholders.ts'
import type { TargetPreview } from '../../shared/protocol/hosts.ts'
import type { SavedUse } from '../../shared/run.ts'
import type { StartRun } from '../runs/run-service.ts'
import type { SavedCommands } from './saved-commands.ts'

export interface ConfirmParts {
  readonly hosts: { preview(expression: string): Promise<TargetPreview> }
  readonly commands: Pick<SavedCommands, 'get'>
}

/**
 * Rejects with `confirmation-needed`, which names all that is to be confirmed: the saved command, and
 * for commands the groups of the target. What is only followed changes nothing on its hosts.
 */
export async function checkConfirmed(
  { request: { target, source, confirm }, saved }: StartRun,
  { hosts, commands }: ConfirmParts,
): Promise<void> {
  if (confirm === true) return
  const asked = [
    ...(saved === undefined ? [] : await savedQuestion(saved, commands)),
    ...(source.kind === 'command' ? groupsQuestion(await hosts.preview(target)) : []),
  ]
  if (asked.length > 0) throw new AppError('confirmation-needed', asked.join(' '))
}

/** One that is not there any more has nothing to ask. */
async function savedQuestion(
  { name, parameters }: SavedUse,
  commands: Pick<SavedCommands, 'get'>,
): Promise<readonly string[]> {
  const command = await commands.get(name).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'not-found') return undefined
    throw thrown
  })
  const confirm = command?.confirm ?? false
  if (confirm === false) return []
  const values = Object.entries(parameters).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const question = confirm === true ? `Run ${name}?` : fillText(confirm, new Map(values))
  return [`The saved command "${name}" is to be confirmed: ${question}`]
}

function groupsQuestion({ confirm, folded, count }: TargetPreview): readonly string[] {
  if (confirm.length === 0) return []
  const groups = confirm.map((name) => `@${name}`).join(', ')
  const isLong = folded.length > limits.confirmedHostsChars
  const hosts = isLong ? `${folded.slice(0, limits.confirmedHostsChars)}…` : folded
  const on = `${count} ${count === 1 ? 'host' : 'hosts'} (${hosts})`
  return [`A command on ${groups} is to be confirmed: it runs on ${on}.`]
}
