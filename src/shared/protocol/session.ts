/** Who the server takes the caller for: answers of sign-in and `GET /api/v1/session`. */

/** Answer of `POST /api/v1/sign-in` and of `GET /api/v1/session` (which never asks for a login). */
export interface SessionInfo {
  /** How one signs in: not at all (loopback only), or by link or API token. */
  readonly auth: 'none' | 'token'
  /** False: every other route of the API answers 401. Always true with `auth: 'none'`. */
  readonly signedIn: boolean
  /** For a login by cookie: to be sent as the header `X-Farglass-Key` with every change. */
  readonly pageKey: string | null
  /** Version of the server. */
  readonly version: string
}

/** Body of `POST /api/v1/sign-in`: the token from the fragment of the address that was printed. */
export interface SignInRequest {
  readonly token: string
}

/** Shows that a read with a cookie comes from the page's own script, where the browser says nothing. */
export const requestHeader = 'X-Farglass'

/** Carries `SessionInfo.pageKey`: a page on another port gets our cookie, but not this. */
export const pageKeyHeader = 'X-Farglass-Key'

/** What who reads calls themselves, as `encodeURIComponent` writes it; nothing proves it. */
export const viewerNameHeader = 'x-farglass-name'

/** A header holds no other letters than those of ASCII. */
export function nameHeader(name: string): Readonly<Record<string, string>> {
  return name === '' ? {} : { [viewerNameHeader]: encodeURIComponent(name) }
}
