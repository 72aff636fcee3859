/** Connects to a Redis by its address, and finds out whether it is one server or a cluster. */
import { AppError } from '../../shared/errors.ts'
import { isOfCluster } from './cluster-slots.ts'
import { oneOf, type RedisAddress } from './redis-address.ts'
import { RedisCluster } from './redis-cluster.ts'
import { type ConnectionOptions, RedisConnection } from './redis-connection.ts'
import type { RedisLink } from './redis-link.ts'
import { textOf } from './replies.ts'

/** Rejects with `store-failed` and a sentence when Redis is away, lets us not in, or is too old. */
export async function openRedisLink(options: ConnectionOptions): Promise<RedisLink> {
  const { address } = options
  const first = await connectToAny(options)
  try {
    const info = textOf(await first.send(['INFO', 'server']))
    requireVersion(info, first.shown)
    if (!isOfCluster(info)) return requireOne(first, address)
  } catch (thrown) {
    await first.close()
    throw atStart(thrown)
  }
  await first.close()
  const cluster = new RedisCluster(options)
  try {
    await cluster.connect()
    return cluster
  } catch (thrown) {
    await cluster.close()
    throw atStart(thrown)
  }
}

/** Sentinels are asked one after the other by the connection itself. */
async function connectToAny(options: ConnectionOptions): Promise<RedisConnection> {
  const { address } = options
  const [only, ...more] = address.servers
  const isOne = address.sentinel !== undefined || more.length === 0
  const each = isOne ? [address] : [only, ...more].map((server) => oneOf(address, server))
  const connections = each.map((one) => new RedisConnection({ ...options, address: one }))
  const connecting = connections.map(async (connection) => {
    await connection.connect()
    return connection
  })
  const closeBut = (kept?: RedisConnection) => {
    for (const other of connections) if (other !== kept) other.giveUp()
  }
  try {
    const first = await Promise.any(connecting)
    closeBut(first)
    return first
  } catch (thrown) {
    closeBut()
    throw atStart(thrown instanceof AggregateError ? thrown.errors[0] : thrown)
  }
}

/** Several servers that know nothing of each other would each hold a part of the runs. */
function requireOne(
  connection: RedisConnection,
  { sentinel, servers }: RedisAddress,
): RedisConnection {
  if (sentinel !== undefined || servers.length === 1) return connection
  throw new AppError('store-failed', `Redis at ${connection.shown} is no cluster.`, {
    hint: 'Several addresses are for the servers of a cluster: give one, or redis+sentinel://HOST,HOST/NAME.',
  })
}

/** Who starts is told at once; only what is under way waits for Redis. */
function atStart(thrown: unknown): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'store-busy') return thrown
  const hint = 'Start it, or correct its address; "farglass doctor --redis URL" says more.'
  return new AppError('store-failed', thrown.message, { hint })
}

/** The scripts say to Redis beforehand what they do, which is known from version 7 on. */
const versionMin = 7

function requireVersion(info: string, shown: string): void {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'
  if (Number.parseInt(version, 10) >= versionMin) return
  throw new AppError(
    'store-failed',
    `Redis at ${shown} is version ${version}; Farglass needs ${versionMin} or newer.`,
    { hint: 'Update Redis, or leave out --redis to keep the store on the disk.' },
  )
}
