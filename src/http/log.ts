/** The server's own log: warnings and faults as JSON lines on stderr, without users' texts. */
import type { FastifyServerOptions } from 'fastify'

/** Requests are logged by route, never by address or header: both can hold what nobody should read. */
export const logOptions: Exclude<FastifyServerOptions['logger'], boolean | undefined> = {
  level: 'warn',
  name: 'farglass-http',
  stream: process.stderr,
  serializers: {
    req: (request) => ({ method: request.method, route: request.routeOptions.url ?? null }),
  },
}
