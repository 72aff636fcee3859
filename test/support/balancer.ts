/** A load balancer of a few lines: each connection goes to a random server, or to the next one that takes it. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { SeededRandom } from './seeded-random.ts'

export interface Balancer extends AsyncDisposable {
  readonly port: number
}

export async function startBalancer(
  ports: readonly number[],
  random: SeededRandom,
): Promise<Balancer> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const first = random.between(0, ports.length - 1)
    open.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => open.delete(client))
    pass(client, [...ports.slice(first), ...ports.slice(0, first)])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function pass(client: Socket, [port, ...others]: readonly number[]): void {
  if (port === undefined) {
    client.destroy()
    return
  }
  const server = connect(port, '127.0.0.1')
  const refused = () => pass(client, others)
  server.once('error', refused)
  server.once('connect', () => {
    server.off('error', refused)
    server.on('error', () => client.destroy())
    server.on('close', () => client.destroy())
    client.on('close', () => server.destroy())
    client.pipe(server)
    server.pipe(client)
  })
}
