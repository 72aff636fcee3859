/** How ioredis reaches whichever server of a cluster is named at that moment: another one after each break. */
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import { limits } from '../../shared/limits.ts'
import type { ServerAddress } from './redis-address.ts'

/** For its option `Connector`. */
export function rovingConnector(
  next: () => ServerAddress,
  tls: TlsOptions | undefined,
): NonNullable<RedisOptions['Connector']> {
  return class extends AbstractConnector {
    constructor() {
      super(limits.redisAnswerMs)
    }

    connect(): Promise<Socket> {
      this.connecting = true
      const { host, port } = next()
      const stream =
        tls === undefined ? connect({ host, port }) : connectTls({ ...tls, host, port })
      stream.once('error', (error) => {
        this.firstError = error
      })
      this.stream = stream
      return Promise.resolve(stream)
    }
  }
}
