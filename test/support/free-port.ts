/** A port of this machine for a program that cannot choose one by itself. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that systems give to connections that go out: none of these takes it while its program is away. */
const ports = { from: 12_000, to: 32_000 } as const
const triesMax = 100

/** Free a moment ago. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(ports.from, ports.to)
    const server = createServer()
    try {
      server.listen(port, host)
      await once(server, 'listening')
    } catch (thrown) {
      if (tries === triesMax) throw thrown
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
