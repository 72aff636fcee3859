/** A real primary and its replica, and a sentinel that puts one in the place of the other. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { RedisServer, startRedis } from './redis-server.ts'
import { removeFolder } from './remove-folder.ts'
import { until } from './until.ts'

export interface RedisSentinel extends AsyncDisposable {
  /** Of the primary, whichever it is; the first of the two sentinels that it names is not there. */
  readonly url: string
  readonly servers: readonly RedisServer[]
  readonly sentinel: RedisServer
  primary(): Promise<RedisServer>
  replica(): Promise<RedisServer>
}

/** Resolves when the replica has all, and the sentinel knows of it. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const opened: AsyncDisposable[] = []
  const close = async () => {
    for (const one of opened.toReversed()) await one[Symbol.asyncDispose]()
  }
  try {
    const first = await startRedis({ args: soon })
    opened.push(first)
    const second = await startRedis({
      args: [...soon, '--replicaof', '127.0.0.1', String(first.port)],
    })
    opened.push(second)
    // What the sentinel does not see at its first look it sees ten seconds later.
    await until('the replica has all', async () =>
      (await second.cli('INFO', 'replication')).includes('master_link_status:up'),
    )
    const sentinel = await startSentinel(first.port)
    opened.push(sentinel)
    const servers = [first, second]
    const pick = async (isPrimary: boolean) => {
      const [, port] = (await sentinel.cli('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'main')).split(
        '\n',
      )
      const found = servers.find((server) => (server.port === Number(port)) === isPrimary)
      if (found === undefined) throw new Error(`The sentinel names port ${port}.`)
      return found
    }
    await until('the sentinel knows the replica', async () =>
      (await sentinel.cli('SENTINEL', 'REPLICAS', 'main')).includes('master-link-status\nok'),
    )
    return {
      url: `redis+sentinel://127.0.0.1:${await freePort()},127.0.0.1:${sentinel.port}/main`,
      servers,
      sentinel,
      primary: () => pick(true),
      replica: () => pick(false),
      [Symbol.asyncDispose]: close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Five seconds of waiting for more replicas are for others. */
const soon = ['--repl-diskless-sync-delay', '0']

async function startSentinel(port: number): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'fg-sentinel-'))
  // It writes what it learns into its configuration.
  const file = join(directory, 'sentinel.conf')
  const lines = [
    `sentinel monitor main 127.0.0.1 ${port} 1`,
    'sentinel down-after-milliseconds main 500',
    'sentinel failover-timeout main 3000',
  ]
  await writeFile(file, `${lines.join('\n')}\n`)
  const sentinel = new RedisServer(directory, await freePort(), { sentinelFile: file })
  try {
    await sentinel.start()
    return sentinel
  } catch (thrown) {
    await removeFolder(directory)
    throw thrown
  }
}
