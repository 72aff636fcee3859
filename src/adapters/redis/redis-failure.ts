/** What a refusal of Redis means: a sentence for people, and whether it can pass. */
import { AppError, type ErrorCode } from '../../shared/errors.ts'

/** The reply is an error of Redis. What it was asked for stays out: it may hold a secret. */
export function describeReply(reply: string, shown: string): AppError {
  const { what, code, hint } = meaningOf(reply)
  return new AppError(code, `Redis at ${shown} ${what}${detailOf(reply)}.`, { hint })
}

/** No answer came in time, or there is no connection; `why` is the last thing that was heard. */
export function unreachable(shown: string, why: string | undefined): AppError {
  const because = why === undefined ? '' : `: ${why}`
  return new AppError('store-busy', `Redis at ${shown} does not answer${because}.`, {
    hint: 'Look whether it runs and can be reached; what waits for it goes on by itself.',
  })
}

/** Another server of a cluster has it: no failure, but a way. */
export function isRedirect(reply: string): boolean {
  return /^(MOVED|ASK) /.test(reply)
}

interface Meaning {
  readonly what: string
  readonly code: ErrorCode
  readonly hint: string
}

/** Redis begins an error with its kind in capitals. */
function meaningOf(reply: string): Meaning {
  // A right that is missing within a script has no kind of its own; the second is of 7.2, and of Valkey.
  const isDenied = /user executing the script can't|ACL failure in script/.test(reply)
  const kind = isDenied ? 'NOPERM' : (/^[A-Z]+/.exec(reply)?.[0] ?? '')
  return meanings[kind] ?? { what: `refused: ${shorten(reply)}`, code: 'store-failed', hint: look }
}

const look = 'Run "farglass doctor --redis URL": it says what to change.'
const pass = 'What waits for it goes on by itself.'

const meanings: Readonly<Record<string, Meaning>> = {
  OOM: {
    what: 'has no memory left (maxmemory)',
    code: 'store-busy',
    hint: `Give it more memory. ${pass}`,
  },
  MISCONF: {
    what: 'cannot write to its disk and takes nothing more',
    code: 'store-busy',
    hint: `Make room there, and look into its log. ${pass}`,
  },
  READONLY: {
    what: 'is a replica, which takes no writes',
    code: 'store-busy',
    hint: `Give the address of the primary, if it does not move there. ${pass}`,
  },
  LOADING: { what: 'is reading its data', code: 'store-busy', hint: pass },
  BUSY: { what: 'is busy with a script', code: 'store-busy', hint: pass },
  TRYAGAIN: { what: 'is moving data', code: 'store-busy', hint: pass },
  CLUSTERDOWN: { what: 'serves a cluster that is down', code: 'store-busy', hint: pass },
  MASTERDOWN: { what: 'has lost its primary', code: 'store-busy', hint: pass },
  NOREPLICAS: { what: 'has too few replicas to take writes', code: 'store-busy', hint: pass },
  WRONGPASS: {
    what: 'knows no such user with this password',
    code: 'store-failed',
    hint: 'Correct the user and the password in its address.',
  },
  NOAUTH: {
    what: 'asks for a password',
    code: 'store-failed',
    hint: 'Write it into its address: redis://USER:PASSWORD@HOST:PORT.',
  },
  NOPERM: {
    what: 'does not let this user do what Farglass needs',
    code: 'store-failed',
    hint: 'Give it the rights that docs/operate/redis.md lists.',
  },
  WRONGTYPE: {
    what: 'holds something else under a key of Farglass',
    code: 'store-failed',
    hint: 'Give Farglass a database of its own: redis://HOST:PORT/NUMBER.',
  },
}

/** Which command or key is not allowed, as Redis names it. */
function detailOf(reply: string): string {
  const denied = /no permissions to run the '([\w|]+)' command/.exec(reply)?.[1]
  return denied === undefined ? '' : ` (${denied})`
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
