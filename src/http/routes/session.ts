/** `GET /api/v1/session`, `POST /api/v1/sign-in`, `POST /api/v1/sign-out`: the login of a browser. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { SessionInfo, SignInRequest } from '../../shared/protocol/session.ts'
import type { Actor } from '../auth/authentication.ts'
import { keepsSecureCookie, setCookie } from '../auth/cookies.ts'
import { pageKeyOf } from '../auth/tokens.ts'
import { hostName } from '../guard.ts'
import { refusals, sessionSchema } from '../openapi/schemas.ts'
import type { App, FastifyRequest, Parts } from '../parts.ts'

const signInSchema = z.strictObject({
  token: z.string().max(512),
}) satisfies z.ZodType<SignInRequest>

export function session(app: App, parts: Parts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/session',
    config: { access: 'session' },
    schema: {
      tags: ['login'],
      summary: 'Who am I, and what must I send',
      security: [],
      response: { 200: sessionSchema, ...refusals },
    },
    handler: async ({ actor }): Promise<SessionInfo> => sessionInfo(actor, parts),
  })
}

export function sessionInfo(actor: Actor, { auth, version }: Parts): SessionInfo {
  return {
    auth: auth.mode.kind,
    signedIn: actor.kind !== 'nobody',
    pageKey: actor.kind === 'session' ? actor.pageKey : null,
    version,
  }
}

export function signIn(app: App, { auth, firstStart, tries, version }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/sign-in',
    config: { access: 'sign-in' },
    schema: {
      tags: ['login'],
      summary: 'Exchange the token of a printed link for a session',
      security: [],
      body: signInSchema,
      response: { 200: sessionSchema, ...refusals },
    },
    handler: async (request, reply): Promise<SessionInfo> => {
      const { kind } = auth.mode
      if (kind === 'none') return { auth: kind, signedIn: true, pageKey: null, version }
      tries.take(request.ip)
      if (!(await firstStart.use(request.body.token))) {
        throw new AppError('bad-token', 'This link was used before, or it is too old.')
      }
      tries.giveBack(request.ip)
      const id = await auth.sessions.open()
      reply.header('set-cookie', setCookie(placeOf(request, auth.port()), id, limits.sessionAgeMs))
      return { auth: kind, signedIn: true, pageKey: pageKeyOf(id), version }
    },
  })
}

export function signOut(app: App, { auth, viewers }: Parts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/sign-out',
    config: { access: 'change' },
    schema: {
      tags: ['login'],
      summary: 'End the session and its streams',
      response: { 204: z.null().describe('done'), ...refusals },
    },
    handler: async (request, reply) => {
      if (request.actor.kind === 'session') {
        await auth.sessions.close(request.actor.digest)
        viewers.cutSession(request.actor.digest)
        const place = placeOf(request, auth.port())
        reply.header('set-cookie', setCookie(place, '', 0))
        reply.header('clear-site-data', '"cache"')
      }
      return reply.code(204).send(null)
    },
  })
}

function placeOf(request: FastifyRequest, port: number) {
  const secure = keepsSecureCookie({
    hostName: hostName(request.headers.host ?? ''),
    origin: request.headers.origin,
    userAgent: request.headers['user-agent'] ?? '',
  })
  return { port, secure }
}
