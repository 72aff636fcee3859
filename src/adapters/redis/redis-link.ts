/** What the store needs of a Redis, whether that is one server or a cluster of them. */
import type { Redis } from 'ioredis'
import type { Script } from './script.ts'

export type CommandArg = string | Uint8Array

/** Name of the command, and its arguments. */
export type CommandWords = readonly [string, ...CommandArg[]]

/**
 * Commands for one slot take effect in the order of the calls, across every reconnect and move of the
 * slot, and end within `limits.redisAnswerMs`: with an answer, or with `store-busy`. They may take effect
 * more than once, so they must be such that a second time changes nothing.
 */
export interface RedisLink {
  /** The address without its secrets. */
  readonly shown: string
  /** The servers of which it consists now. */
  readonly servers: readonly Pick<RedisLink, 'shown' | 'send'>[]
  /** Texts come as Buffers, in arrays as deep as the answer. */
  send(words: CommandWords): Promise<unknown>
  run(script: Script, keys: readonly string[], args: readonly CommandArg[]): Promise<unknown>
  /** Called whenever a server is connected to anew, or takes the place of another. */
  onReady(listener: () => void): void
  /** A connection of its own, for who must listen: not yet connected, and connects again by itself. */
  newClient(): Redis
  /** Waits for what is under way, which is bounded in time; for nothing while there is no connection. */
  close(): Promise<void>
}
