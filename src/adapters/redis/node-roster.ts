/** How many nodes live, for figures alone: who carries which run never depends on it. */
import type { RedisKeys } from './keys.ts'
import type { RedisLink } from './redis-link.ts'
import { listOf, textOf } from './replies.ts'

export interface NodeRosterParts {
  readonly connection: RedisLink
  readonly keys: Pick<RedisKeys, 'nodes'>
  /** Whether the node of that name lives now. */
  readonly isLiving: (name: string) => Promise<boolean>
}

/** A set of names in Redis, each put in again with each count, so that a Redis that lost it has it again. */
export class NodeRoster {
  readonly #parts: NodeRosterParts

  constructor(parts: NodeRosterParts) {
    this.#parts = parts
  }

  /** The living ones, `own` among them; names of others leave the set. Rejects as the store does. */
  async count(own: string): Promise<number> {
    const { connection, keys, isLiving } = this.#parts
    await connection.send(['SADD', keys.nodes, own])
    const names = listOf(await connection.send(['SMEMBERS', keys.nodes])).map(textOf)
    const lives = await Promise.all(names.map(async (name) => name === own || isLiving(name)))
    const gone = names.filter((_, at) => lives[at] !== true)
    if (gone.length > 0) await connection.send(['SREM', keys.nodes, ...gone])
    return names.length - gone.length
  }
}
