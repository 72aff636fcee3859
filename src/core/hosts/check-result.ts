/** What the steps of a check say of the way to a host. */
import type { AppError, ErrorCode } from '../../shared/errors.ts'
import type { CheckStep, KeptCheck } from '../../shared/protocol/hosts.ts'

/** `failure` is why the last step failed; null when none did. */
export function whatIsKnown(
  steps: readonly CheckStep[],
  failure: AppError | null,
): Pick<KeptCheck, 'reachable' | 'keyKnown' | 'signsIn'> {
  const hasGone = (step: CheckStep['step']) => steps.some((each) => each.step === step && each.ok)
  if (hasGone('sign-in')) return { reachable: true, keyKnown: true, signsIn: true }
  const isOneOf = (codes: readonly ErrorCode[]) => failure !== null && codes.includes(failure.code)
  if (isOneOf(keyCodes)) return { reachable: true, keyKnown: false, signsIn: null }
  if (isOneOf(loginCodes)) return { reachable: true, keyKnown: true, signsIn: false }
  const isReachable = hasGone('connect') ? true : isOneOf(networkCodes) ? false : null
  return { reachable: isReachable, keyKnown: null, signsIn: null }
}

const keyCodes: readonly ErrorCode[] = ['host-key-unknown', 'host-key-changed', 'host-key-revoked']

/** The host key comes before the login. */
const loginCodes: readonly ErrorCode[] = ['password-refused', 'key-refused', 'login-cancelled']

const networkCodes: readonly ErrorCode[] = [
  'name-not-resolved',
  'connection-refused',
  'connection-timeout',
  'host-unreachable',
]
