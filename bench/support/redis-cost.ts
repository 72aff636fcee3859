/** CPU time of a Redis, all its threads included, as it says itself. */
import type { RedisServer } from '../../test/support/redis-server.ts'

export async function redisCpuMs(server: RedisServer): Promise<number> {
  const info = await server.cli('INFO', 'cpu')
  const seconds = (name: string): number =>
    Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(info)?.[1])
  return (seconds('sys') + seconds('user')) * 1_000
}
