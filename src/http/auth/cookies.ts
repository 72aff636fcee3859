/** The cookie of a login: its name, what it is set to, and how it is found again. */

/** Sent over HTTPS and to this machine only, for the whole host, and not readable by scripts. */
const hostCookie = '__Host-farglass'

export interface CookiePlace {
  /** Port of this server: cookies are shared by all ports of a host, so the plain name carries it. */
  readonly port: number
  /** The browser keeps a `Secure` cookie that comes from this address. */
  readonly secure: boolean
}

/** The header that sets the login for `ageMs`; 0 takes it away. */
export function setCookie(place: CookiePlace, value: string, ageMs: number): string {
  const name = place.secure ? hostCookie : plainName(place.port)
  const secure = place.secure ? ' Secure;' : ''
  const age = Math.floor(ageMs / 1000)
  return `${name}=${value}; Path=/; Max-Age=${age}; HttpOnly;${secure} SameSite=Strict`
}

/** The session ids in a Cookie header, the better cookie first. */
export function sessionIds(header: string | undefined, port: number): string[] {
  const found = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0) found.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim())
  }
  return [found.get(hostCookie), found.get(plainName(port))].filter(
    (id): id is string => id !== undefined && /^[A-Za-z0-9_-]{43}$/.test(id),
  )
}

/**
 * Chromium and Firefox keep Secure cookies from plain HTTP on this machine; Safari does not, and no
 * browser does under another name. `origin` tells of a TLS proxy in front of us.
 */
export function keepsSecureCookie(request: {
  readonly hostName: string
  readonly origin: string | undefined
  readonly userAgent: string
}): boolean {
  if (request.origin?.startsWith('https:') === true) return true
  const { hostName, userAgent } = request
  const here = hostName === 'localhost' || hostName === '[::1]' || hostName.startsWith('127.')
  const safari = /Safari\//.test(userAgent) && !/Chrom(?:e|ium)\//.test(userAgent)
  return here && !safari
}

function plainName(port: number): string {
  return `farglass-${port}`
}
