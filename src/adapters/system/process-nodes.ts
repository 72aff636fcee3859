/** Processes that share a data directory, as nodes: their names tell whether they live; they do not talk. */
import type { Nodes } from '../../core/nodes/nodes.ts'
import { AppError } from '../../shared/errors.ts'
import { isAlive, ownName } from './process-identity.ts'

export function processNodes(): Nodes {
  return {
    own: ownName(),
    isAlive: async (owner) => isAlive(owner),
    ask: async (_, { kind, run }) => {
      if (kind === 'answer') throw new AppError('conflict', `Run ${run} asks nothing here.`)
      throw new AppError('conflict', `Run ${run} is held by another Farglass process.`, {
        hint: 'Stop it where it was started: press Ctrl-C there.',
      })
    },
    serve() {},
    // Its end is all that others wait for.
    async [Symbol.asyncDispose]() {},
  }
}
