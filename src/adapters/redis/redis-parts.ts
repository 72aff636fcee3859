/** What the parts of the store work with. */
import type { RedisKeys } from './keys.ts'
import type { RedisLink } from './redis-link.ts'
import type { RunWrites } from './run-writes.ts'

export interface RedisParts {
  readonly connection: RedisLink
  readonly keys: RedisKeys
  readonly writes: RunWrites
  readonly epochStep: () => number
}
