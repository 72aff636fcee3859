/** Who a request comes from: anybody (no login wanted), a bearer token, or the session of a browser. */
import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../../shared/errors.ts'
import { pageKeyHeader } from '../../shared/protocol/session.ts'
import type { Access } from '../guard.ts'
import { sessionIds } from './cookies.ts'
import type { Sessions } from './sessions.ts'
import { digestOf, isOneOf, isSame, pageKeyOf } from './tokens.ts'

export type Actor =
  | { readonly kind: 'nobody' }
  /** `--auth none`: whoever reaches the loopback address. */
  | { readonly kind: 'anybody' }
  | { readonly kind: 'token' }
  | { readonly kind: 'session'; readonly digest: string; readonly pageKey: string }

export type AuthMode =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'token'
      /** SHA-256, hex, of the bearer tokens that are taken. */
      readonly apiTokenDigests: readonly string[]
    }

export interface Authentication {
  readonly mode: AuthMode
  readonly sessions: Sessions
  /** Port of the server, part of the plain cookie's name. */
  port(): number
}

/** The actor of a request; a bad token or an ended session is nobody. */
export async function actorOf(auth: Authentication, headers: IncomingHttpHeaders): Promise<Actor> {
  if (auth.mode.kind === 'none') return { kind: 'anybody' }
  const bearer = /^Bearer +([^\s]{1,512})$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) {
    const isOwn = isOneOf(bearer, auth.mode.apiTokenDigests)
    return isOwn || (await auth.sessions.hasToken(bearer)) ? { kind: 'token' } : { kind: 'nobody' }
  }
  for (const id of sessionIds(headers.cookie, auth.port())) {
    const digest = digestOf(id)
    if (await auth.sessions.isOpen(digest)) {
      return { kind: 'session', digest, pageKey: pageKeyOf(id) }
    }
  }
  return { kind: 'nobody' }
}

/** The handler of a signed request looks at its signature, which needs the body. */
const withoutLogin: ReadonlySet<Access> = new Set(['page', 'open', 'session', 'sign-in', 'signed'])

/**
 * The one place that decides what an actor may do: with one user everything, once he is known.
 * A change by a session also needs the page key, but for the article's route, whose page knows none.
 */
export function authorize(actor: Actor, access: Access, headers: IncomingHttpHeaders): void {
  if (withoutLogin.has(access)) return
  if (actor.kind === 'nobody') {
    throw new AppError('unauthorized', 'You are not signed in, or no longer.')
  }
  if (actor.kind !== 'session' || access !== 'change') return
  const key = headers[pageKeyHeader.toLowerCase()]
  if (typeof key === 'string' && isSame(key, actor.pageKey)) return
  throw new AppError('forbidden-origin', `The header "${pageKeyHeader}" is missing or wrong.`, {
    hint: 'Load the page again.',
  })
}
