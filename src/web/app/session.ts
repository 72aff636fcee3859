/** Who the server takes this browser for, and the one-time link that signs it in. */
import { type ReadonlySignal, signal } from '@preact/signals'
import { createHttpApi, type HttpApi } from '../../client/http-api.ts'
import { type AppError, toAppError } from '../../shared/errors.ts'
import {
  nameHeader,
  pageKeyHeader,
  requestHeader,
  type SessionInfo,
  type SignInRequest,
} from '../../shared/protocol/session.ts'

export interface Session {
  readonly info: ReadonlySignal<SessionInfo | null>
  /** Why the last try to sign in, or to reach the server, failed. */
  readonly problem: ReadonlySignal<AppError | null>
  /** Round trip of the last request that was no stream, in milliseconds. */
  readonly delayMs: ReadonlySignal<number | null>
  readonly api: HttpApi
  /** What others are told of who sits here. */
  readonly name: ReadonlySignal<string>
  /** Asks who we are where that is not known, after trading the token of a link when there is one. */
  start(token: string | null): Promise<void>
  /** True when it worked. */
  signIn(token: string): Promise<boolean>
  refresh(): Promise<void>
}

/** Takes the token out of the address bar before anything else can see it. */
export function takeFragmentToken(): string | null {
  const token = tokenIn(location.hash)
  if (token !== null) history.replaceState(null, '', location.pathname + location.search)
  return token
}

/** The token of a pasted address, of a fragment, or as it stands. */
export function tokenIn(text: string): string | null {
  return /#t=([\w-]{8,200})/.exec(text)?.[1] ?? /^\s*([\w-]{16,200})\s*$/.exec(text)?.[1] ?? null
}

/** What is `known` of us need not be asked for. */
export function createSession(name: ReadonlySignal<string>, known: SessionInfo | null): Session {
  const info = signal(known)
  const problem = signal<AppError | null>(null)
  const delayMs = signal<number | null>(null)
  const api = createHttpApi({
    baseUrl: '',
    noticesHeld: true,
    headers: () => {
      const key = info.value?.pageKey ?? null
      return {
        [requestHeader]: '1',
        ...(key === null ? {} : { [pageKeyHeader]: key }),
        ...nameHeader(name.value),
      }
    },
    fetch: async (input, init) => {
      const sent = performance.now()
      const response = await fetch(input, init)
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
      if (isStream !== true) delayMs.value = Math.max(1, Math.round(performance.now() - sent))
      if (response.status === 401 && info.value !== null) {
        info.value = { ...info.value, signedIn: false }
      }
      return response
    },
  })

  async function refresh(): Promise<void> {
    try {
      info.value = await readInfo(await api.request('/api/v1/session'))
      if (info.value.signedIn) problem.value = null
    } catch (thrown) {
      problem.value = toAppError(thrown)
    }
  }

  async function signIn(token: string): Promise<boolean> {
    const body: SignInRequest = { token }
    try {
      const response = await api.request('/api/v1/sign-in', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      info.value = await readInfo(response)
      problem.value = null
      return true
    } catch (thrown) {
      problem.value = toAppError(thrown)
      return false
    }
  }

  async function start(token: string | null): Promise<void> {
    if (token === null ? info.peek() !== null : await signIn(token)) return
    const failed = problem.value
    await refresh()
    // A used link matters only to who is not signed in already.
    if (info.value?.signedIn === false) problem.value = failed
  }

  return { info, problem, delayMs, api, name, start, signIn, refresh }
}

async function readInfo(response: Response): Promise<SessionInfo> {
  // Our own server wrote it by the same type.
  return (await response.json()) as SessionInfo
}
