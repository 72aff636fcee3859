/** What a mode is given to hold the source of a task on its host. */
import type { Task } from '../../shared/run.ts'
import { Secret } from '../../shared/secret.ts'
import type { Held } from './modes/run-mode.ts'
import type { TaskParts } from './task-parts.ts'

/** A new nonce each time: for one session alone. */
export function heldOf({ id }: Task, parts: TaskParts): Held {
  const { feed, merged, clock, newNonce } = parts
  const variables = variablesOf(parts)
  return {
    name: `${feed.run.id}.${id}`,
    merged,
    clock,
    nonce: newNonce(),
    ...(variables.size === 0 ? {} : { variables }),
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
