/** Puts the guard before every route: one hook, which ends the request when it refuses. */
import type { FastifyRequest } from 'fastify'
import { type Authentication, actorOf, authorize } from './auth/authentication.ts'
import { type Access, type GuardedRequest, refusalOf } from './guard.ts'
import { securityHeaders } from './headers.ts'
import type { App } from './parts.ts'
import { shuttingDown, type Viewers } from './sse/viewers.ts'

export interface GuardOptions {
  readonly auth: Authentication
  readonly allowedHosts: ReadonlySet<string>
  readonly viewers: Viewers
}

/** Also makes the server refuse to start when a route does not say what it is for. */
export function addGuard(app: App, options: GuardOptions): void {
  const rules = { allowedHosts: options.allowedHosts, auth: options.auth.mode.kind }
  app.decorateRequest('actor')
  app.decorateRequest('mayRead', false)
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) {
      throw new TypeError(`The route ${route.url} does not say what it is for.`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    // A thrown error ends the request: Fastify answers it and calls no handler.
    const guarded = guardedRequest(request)
    const refusal = refusalOf(guarded, rules)
    if (refusal !== null) throw refusal
    if (options.viewers.isClosing) throw shuttingDown()
    request.actor = await actorOf(options.auth, request.headers)
    authorize(request.actor, accessOf(request), request.headers)
    const reading = { ...guarded, access: 'read' } as const
    request.mayRead = request.actor.kind !== 'nobody' && refusalOf(reading, rules) === null
  })
}

function guardedRequest(request: FastifyRequest): GuardedRequest {
  const { rawHeaders } = request.raw
  const hosts: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') hosts.push(rawHeaders[at + 1] ?? '')
  }
  const mark = request.url.indexOf('?')
  return {
    method: request.method,
    access: accessOf(request),
    hosts,
    query: mark < 0 ? '' : request.url.slice(mark + 1),
    headers: request.headers,
  }
}

/** A request without a route gets the sentence "not found", and nothing else to protect. */
function accessOf(request: FastifyRequest): Access {
  return request.routeOptions.config.access ?? 'open'
}
