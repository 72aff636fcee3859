/**
 * The request guard: decides before any handler whether a request may be looked at at all. It stops
 * pages of other origins, rebound names and forged forms. Pure decisions; `guard-hook.ts` asks them.
 */
import { AppError } from '../shared/errors.ts'

/**
 * What a route is for. `page`: files of the page, no data. `open`: no data either, for anybody.
 * `session`: answers also without a login. `read` and `change` need a login. `article`: the
 * article's `POST /run`, a change that comes as a form. `sign-in`: the change that makes a login.
 * `signed`: the change of another program, which a signature of its body opens, and no login.
 */
export type Access =
  | 'page'
  | 'open'
  | 'session'
  | 'read'
  | 'change'
  | 'article'
  | 'sign-in'
  | 'signed'

/** What the guard looks at, and nothing else. */
export interface GuardedRequest {
  readonly method: string
  readonly access: Access
  /** Every Host header as it came. */
  readonly hosts: readonly string[]
  readonly query: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface GuardRules {
  readonly allowedHosts: ReadonlySet<string>
  readonly auth: 'none' | 'token'
}

/** Why the request is refused, or null. Order: cheap and general first. */
export function refusalOf(request: GuardedRequest, rules: GuardRules): AppError | null {
  return (
    refusedHost(request.hosts, rules.allowedHosts) ??
    refusedMethod(request) ??
    refusedQuery(request.query) ??
    refusedSite(request) ??
    refusedOrigin(request) ??
    refusedUnmarked(request, rules.auth) ??
    refusedBody(request)
  )
}

/** The request shows that one of our own pages, or the person at the browser, has made it. */
function isFromOwnPage(request: GuardedRequest): boolean {
  const { headers } = request
  return headers['sec-fetch-site'] !== undefined || headers['origin'] !== undefined
}

/** `name:port`, `name` or `[v6]:port` in lower case without the port. */
export function hostName(host: string): string {
  return host.toLowerCase().replace(/:[0-9]*$/, '')
}

function refusedHost(hosts: readonly string[], allowed: ReadonlySet<string>): AppError | null {
  const [host] = hosts
  if (host !== undefined && hosts.length === 1 && allowed.has(hostName(host))) return null
  return new AppError('misdirected-host', 'This server does not answer under that host name.')
}

function refusedMethod({ method, headers }: GuardedRequest): AppError | null {
  if (method === 'TRACE' || method === 'CONNECT') {
    return new AppError('method-not-allowed', `The method ${method} is not served.`)
  }
  if (headers['upgrade'] !== undefined) {
    return new AppError('bad-request', 'The header "Upgrade" is refused.', {
      hint: 'Streams are plain HTTP here: read them as server-sent events.',
    })
  }
  return null
}

/** Addresses end up in logs and histories: no secret may be in them. */
const secretNames = new Set(['token', 't', 'access_token', 'password', 'key', 'secret'])

function refusedQuery(query: string): AppError | null {
  const seen = new Set<string>()
  for (const name of new URLSearchParams(query).keys()) {
    if (secretNames.has(name.toLowerCase())) {
      return new AppError('bad-request', `The parameter "${name}" is refused in an address.`, {
        hint: 'Send a token as "Authorization: Bearer …": addresses are logged and kept.',
      })
    }
    if (seen.has(name)) {
      return new AppError('bad-request', `The parameter "${name.slice(0, 60)}" occurs twice.`)
    }
    seen.add(name)
  }
  return null
}

function refusedSite({ method, access, headers }: GuardedRequest): AppError | null {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return null
  const opensPage =
    access === 'page' &&
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  if (opensPage) return null
  return new AppError('forbidden-origin', 'The request comes from the page of another site.')
}

function refusedOrigin({ hosts, headers }: GuardedRequest): AppError | null {
  const origin = headers['origin']
  if (origin === undefined || (typeof origin === 'string' && isOwnOrigin(origin, hosts[0]))) {
    return null
  }
  return new AppError('forbidden-origin', 'The request comes from the page of another origin.')
}

/** The port counts: a page of another server on this machine has the same name. */
function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const match = /^https?:\/\/([^/?#@]+)$/.exec(origin)
  return match !== null && match[1]?.toLowerCase() === host?.toLowerCase()
}

/** Neither Sec-Fetch-Site nor Origin: not a browser of today, or one on plain HTTP by name. */
function refusedUnmarked(request: GuardedRequest, auth: 'none' | 'token'): AppError | null {
  const { access, headers } = request
  if (access === 'page' || access === 'open' || isFromOwnPage(request)) return null
  if (headers['cookie'] === undefined) return null
  if (auth === 'none') return unmarked('Send it without a cookie.')
  if (headers['authorization'] !== undefined) return null
  const reads = access === 'read' || access === 'session'
  if (reads && headers['x-farglass'] === '1') return null
  return unmarked('Send "Authorization: Bearer …" instead of a cookie.')
}

function unmarked(hint: string): AppError {
  const message = 'The request carries a cookie, but nothing shows which page it comes from.'
  return new AppError('forbidden-origin', message, { hint })
}

/** Neither can be sent by a page of another origin without being asked for first. */
const json = /^application\/(?:json|x-ndjson)\s*(?:;|$)/i
const form = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\s*(?:;|$)/i

function refusedBody({ access, headers }: GuardedRequest): AppError | null {
  const type = headers['content-type']
  const hasBody =
    headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
  if (type === undefined && !hasBody) return null
  if (access === 'article') {
    if (typeof type === 'string' && form.test(type)) return null
    return new AppError('unsupported-media-type', 'This route takes a form.', {
      hint: 'Send multipart/form-data or application/x-www-form-urlencoded.',
    })
  }
  if (typeof type === 'string' && json.test(type)) return null
  return new AppError('unsupported-media-type', 'The body of this request is not JSON.')
}

/** A name under which only this machine reaches itself. */
export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host)
}
