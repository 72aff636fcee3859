/** What the parts of the store work with. */
import type { RedisKeys } from './keys.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { RunWrites } from './run-writes.ts'

export interface RedisParts {
  readonly connection: RedisConnection
  readonly keys: RedisKeys
  readonly writes: RunWrites
}
