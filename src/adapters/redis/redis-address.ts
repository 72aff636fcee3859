/** Where a Redis is and who we are there, parsed from its URL. A password is in no message. */
import { AppError } from '../../shared/errors.ts'

export interface RedisAddress {
  /** Those who are asked first: Redis itself, or who knows where it is. */
  readonly servers: readonly [ServerAddress, ...ServerAddress[]]
  /** The servers are sentinels, and know which Redis is the primary of this name. */
  readonly sentinel: SentinelAccess | undefined
  readonly db: number
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  /** Without name and password: for people. */
  readonly shown: string
}

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

export interface SentinelAccess {
  readonly primary: string
  readonly username: string | undefined
  readonly password: string | undefined
}

/** Throws `store-failed` for what is no address of a Redis. */
export function parseRedisUrl(text: string): RedisAddress {
  const [, scheme = '', user = '', hosts = '', rest = ''] = shape.exec(text) ?? []
  const kind = kinds[scheme.toLowerCase()]
  const urls = hosts.split(',').map((host) => `${scheme}://${user}${host}${rest}`)
  if (kind === undefined || hosts === '' || !urls.every((url) => URL.canParse(url))) throw wrong()
  const [first, ...others] = urls.map((url) => new URL(url))
  if (first === undefined) throw wrong()
  const { db, sentinel } = placeOf(first, kind.isSentinel)
  const port = kind.isSentinel ? 26_379 : 6_379
  return {
    servers: [serverOf(first, port), ...others.map((other) => serverOf(other, port))],
    sentinel,
    db,
    tls: kind.tls,
    username: decodePart(first.username),
    password: decodePart(first.password),
    shown: `${scheme}://${hosts}${sentinel === undefined ? '' : `/${sentinel.primary}`}`,
  }
}

/** The address of one server among several: who we are there is the same. */
export function oneOf(address: RedisAddress, server: ServerAddress): RedisAddress {
  const shown = `${address.tls ? 'rediss' : 'redis'}://${nameOf(server)}`
  return { ...address, servers: [server], shown }
}

/** As it stands in an address. */
export function nameOf({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Scheme, user with its `@`, hosts, and what follows them. URL itself knows one host only. */
const shape = /^([a-z+]+):\/\/([^/?#]*@)?([^/?#@]+)([/?].*)?$/i

const kinds: Readonly<Record<string, { readonly tls: boolean; readonly isSentinel: boolean }>> = {
  redis: { tls: false, isSentinel: false },
  rediss: { tls: true, isSentinel: false },
  'redis+sentinel': { tls: false, isSentinel: true },
  'rediss+sentinel': { tls: true, isSentinel: true },
}

/** What the path says: the number of a database, behind the name of a primary where sentinels are asked. */
function placeOf(
  { pathname, searchParams }: URL,
  isSentinel: boolean,
): Pick<RedisAddress, 'db' | 'sentinel'> {
  const pattern = isSentinel ? /^\/([\w.-]+)(?:\/(\d{0,3}))?$/ : /^()(?:\/(\d{0,3}))?$/
  const path = pattern.exec(pathname)
  if (path === null) throw wrong()
  const [, primary = '', db = '0'] = path
  if (!isSentinel) return { db: Number(db), sentinel: undefined }
  const username = searchParams.get('sentinel-user') ?? undefined
  const password = searchParams.get('sentinel-password') ?? undefined
  return { db: Number(db), sentinel: { primary, username, password } }
}

function serverOf({ hostname, port }: URL, portElse: number): ServerAddress {
  if (hostname === '') throw wrong()
  const host = hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(port === '' ? portElse : port) }
}

function wrong(): AppError {
  return new AppError('store-failed', 'The address of Redis is not one.', {
    hint: 'Write it as redis://HOST:PORT or, with TLS, rediss://USER:PASSWORD@HOST:PORT; several hosts are joined by commas, and sentinels are redis+sentinel://HOST,HOST/NAME.',
  })
}

/** A `%` that begins no escape is taken as it stands: passwords are pasted. */
function decodePart(part: string): string | undefined {
  if (part === '') return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
