/** What a mode is given to hold the source of a task on its host. */
import type { Task } from '../../shared/run.ts'
import type { Held } from './modes/run-mode.ts'
import type { TaskParts } from './task-parts.ts'

/** A new nonce each time: for one session alone. */
export function heldOf({ id }: Task, { feed, merged, clock, newNonce, secrets }: TaskParts): Held {
  return {
    name: `${feed.run.id}.${id}`,
    merged,
    clock,
    nonce: newNonce(),
    ...(secrets === undefined ? {} : { variables: secrets.values.variables }),
  }
}
