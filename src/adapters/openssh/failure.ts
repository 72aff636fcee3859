/** Turns what ssh said when a login failed into one error that a person understands. Pure. */
import type { ErrorCode } from '../../shared/errors.ts'
import { AppError } from '../../shared/errors.ts'
import { hostText } from './host-text.ts'

/** What is known about a login that failed. */
export interface LoginFacts {
  /** ssh's stderr. */
  readonly said: string
  /** The destination as the user wrote it. */
  readonly text: string
  /** What ssh_config makes of it, when that is known. */
  readonly resolved: { readonly host: string; readonly port: number; readonly user: string } | null
  /** A password was typed into the run, and no key was offered. */
  readonly typed: boolean
  /** A password (or another secret that the host asks for) was given at least once. */
  readonly secretGiven: boolean
}

/** The error for a login that ended with ssh's own words. */
export function loginError(facts: LoginFacts): AppError {
  for (const { pattern, code, sentence } of failures) {
    const match = pattern.exec(facts.said)
    if (match !== null) return failed(facts, code, sentence(match, facts))
  }
  if (denied.test(facts.said)) return deniedError(facts)
  return failed(facts, 'ssh-failed', `could not be logged into. ${words(facts)}`)
}

/** The host closed the connection before it had said who it is: sshd does this under load. */
export function isThrottled(said: string): boolean {
  return throttled.test(said)
}

/** `Host "web-1" (root@192.0.2.7, port 22)`, with which every sentence starts. */
export function hostWords({ text, resolved }: Pick<LoginFacts, 'text' | 'resolved'>): string {
  const where =
    resolved === null
      ? ''
      : ` (${hostText(`${resolved.user}@${resolved.host}, port ${resolved.port}`)})`
  return `Host "${hostText(text)}"${where}`
}

interface Failure {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly sentence: (match: RegExpExecArray, facts: LoginFacts) => string
}

const throttled =
  /^(kex_exchange_identification|banner exchange|ssh_exchange_identification): .*(closed by|reset by|Not allowed at this time|Exceeded MaxStartups)/m

const denied =
  /^(.*: )?Permission denied \(|Too many authentication failures|No supported authentication methods/m

/** The first one that matches wins; lines of a jump host's ssh come before our own ssh's. */
const failures: readonly Failure[] = [
  {
    pattern:
      /^((?:\/[^:\n]*|command-line): line [0-9]+: .*|Can't open user config file .*|Bad owner or permissions on .*)$/m,
    code: 'ssh-config-invalid',
    sentence: ([line = '']) => `was not tried: ssh cannot read its configuration: ${quoted(line)}.`,
  },
  {
    pattern: /Could not resolve hostname ([^:\n]+): (.*)$/m,
    code: 'name-not-resolved',
    sentence: ([, name = '', why = '']) =>
      `was not found: the name ${quoted(name)} does not resolve (${hostText(why)}).`,
  },
  {
    pattern: /connect to (?:host|address) (\S+) port ([0-9]+): Connection refused/,
    code: 'connection-refused',
    sentence: ([, host = '', port]) =>
      `refused the connection: nothing listens on ${hostText(host)} port ${port}.`,
  },
  {
    pattern:
      /connect to (?:host|address) (\S+) port ([0-9]+): (?:Connection|Operation) timed out|Connection (?:to .* )?timed out|Timeout, server \S+ not responding/,
    code: 'connection-timeout',
    sentence: ([, host, port]) =>
      host === undefined
        ? 'did not answer in time.'
        : `did not answer in time on ${hostText(host)} port ${port}.`,
  },
  {
    pattern: /connect to (?:host|address) (\S+) port ([0-9]+): (.*)$/m,
    code: 'host-unreachable',
    sentence: ([, host = '', port, why = '']) =>
      `cannot be reached at ${hostText(host)} port ${port}: ${hostText(why)}.`,
  },
  {
    pattern: /Unable to negotiate with .*?: (no matching .*)$/m,
    code: 'algorithm-mismatch',
    sentence: ([, why = '']) => `and this ssh have no algorithm in common: ${quoted(why)}.`,
  },
  {
    pattern: throttled,
    code: 'connection-closed',
    sentence: () => 'closed the connection before the login began.',
  },
  {
    pattern:
      /^(?:kex_exchange_identification|banner exchange|ssh_exchange_identification|Bad remote protocol version).*$/m,
    code: 'connection-closed',
    sentence: ([line = '']) =>
      `does not speak SSH on that port, or not with us. ssh said: ${quoted(line)}.`,
  },
  {
    pattern: /Host key verification failed/,
    code: 'host-key-unknown',
    sentence: (_, facts) => `shows a host key that is not trusted. ${words(facts)}`,
  },
  {
    // With an authentication failure as the reason, the text below says more.
    pattern:
      /^(?!.*Too many authentication failures).*(Connection (?:closed|reset) by|Received disconnect from|Connection to \S+ closed).*$/m,
    code: 'connection-closed',
    sentence: ([line = '']) => `closed the connection during the login: ${quoted(line)}.`,
  },
]

function deniedError(facts: LoginFacts): AppError {
  const accepted = /Permission denied \(([^)\n]*)\)/.exec(facts.said)?.[1]
  const methods = accepted === undefined ? '' : ` It accepts: ${hostText(accepted)}.`
  const user = facts.resolved === null ? 'the user' : `user ${quoted(facts.resolved.user)}`
  if (facts.secretGiven) {
    return failed(facts, 'password-refused', `refused the password of ${user}.${methods}`)
  }
  if (facts.typed) {
    const sentence = `did not even ask for the password of ${user}.${methods}`
    return failed(facts, 'password-refused', sentence)
  }
  return failed(facts, 'key-refused', `refused every key of ${user}.${methods}`)
}

function failed(facts: LoginFacts, code: ErrorCode, sentence: string): AppError {
  return new AppError(code, `${hostWords(facts)} ${sentence}`)
}

/** The last lines: before them there may be the banner of the host. */
function words({ said }: LoginFacts): string {
  const last = said.trim().split('\n').slice(-3).join('\n')
  return last === '' ? 'ssh said nothing.' : `ssh said: ${quoted(last)}.`
}

function quoted(text: string): string {
  return `"${hostText(text).replace(/\.$/, '')}"`
}
