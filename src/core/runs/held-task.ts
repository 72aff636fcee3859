/** What a mode is given to hold the source of a task on its host. */
import type { Answer } from '../../shared/question.ts'
import type { Task } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { AskedQuestion, RemoteHost } from '../remote/remote-host.ts'
import type { Held } from './modes/run-mode.ts'
import { sudoFor } from './sudo-access.ts'
import type { TaskParts } from './task-parts.ts'

export interface StartingOn {
  readonly host: RemoteHost
  readonly ask: (question: AskedQuestion) => Promise<Answer>
}

/** A new nonce each time: for one session alone. `start`: it is to be started, not read on. */
export async function heldOf(
  { id, mode }: Task,
  parts: TaskParts,
  start: StartingOn | undefined,
): Promise<Held> {
  const { feed, merged, clock, newNonce, secrets } = parts
  const variables = variablesOf(parts)
  const sudo = secrets?.values.sudo
  const hosts = feed.run.tasks.map(({ host }) => host)
  const use =
    start === undefined || sudo === undefined
      ? undefined
      : await sudoFor({ ...start, sudo, hosts, tty: mode === 'pty', newNonce })
  return {
    name: `${feed.run.id}.${id}`,
    merged,
    clock,
    nonce: newNonce(),
    ...(variables.size === 0 ? {} : { variables }),
    ...(use === undefined ? {} : { sudo: use }),
  }
}

/** For the command both are the same; what is hidden in its output is another matter. */
function variablesOf({
  parameters,
  secrets,
}: Pick<TaskParts, 'parameters' | 'secrets'>): ReadonlyMap<string, Secret> {
  const open = [...parameters].map(([name, value]) => [name, new Secret(value)] as const)
  return new Map([...open, ...(secrets?.values.variables ?? [])])
}
