/** The one error class and the one table of its codes: HTTP status and what the reader can do. */
import type { ErrorBody } from './protocol/error-body.ts'

/** An error for people: what happened, to what, and (hint) what to do. Never carries a secret. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = options.hint ?? errorTable[code].hint
  }

  get status(): number {
    return errorTable[this.code].status
  }

  /** The wire form: `{ error: { code, message, hint } }`. */
  toBody(): ErrorBody {
    return { error: { code: this.code, message: this.message, hint: this.hint } }
  }
}

/** Any thrown value as an AppError; what is not ours becomes `internal` without inner detail. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  return new AppError('internal', 'Farglass failed to do this because of a fault of its own.', {
    cause: thrown,
  })
}

/** What happened and what to do, in one line for people. */
export function sentenceOf({ message, hint }: Pick<AppError, 'message' | 'hint'>): string {
  return `${message} ${hint}`
}

export type ErrorCode = keyof typeof errorTable

/** Every code on the wire. `status` is the HTTP status; `hint` says what to do. */
export const errorTable = {
  'bad-request': { status: 400, hint: 'Correct the named field and send the request again.' },
  'bad-cursor': { status: 400, hint: 'A cursor is a whole number from 0 up.' },
  'bad-target': {
    status: 400,
    hint: 'Write a host as alias, name:port or user@name:port, several as web-[1-3] or @group.',
  },
  'bad-command': { status: 400, hint: 'Give a command of at most 48 KiB without NUL.' },
  'bad-secret': {
    status: 400,
    hint: 'Give at most 32 secrets, as {"API_TOKEN": "value"}, of 16 KiB together.',
  },
  'bad-source': {
    status: 400,
    hint: 'Give the paths of files, the name of a systemd unit or that of a container.',
  },
  'bad-parameter': {
    status: 400,
    hint: 'Correct the value; "farglass saved show NAME" says what each parameter takes.',
  },
  'bad-schedule': {
    status: 400,
    hint: 'Write minute, hour, day of month, month and day of week, as "30 2 * * 1-5".',
  },
  'bad-pattern': {
    status: 400,
    hint: 'Correct the pattern, or search for it as plain text (without "regex").',
  },
  'inventory-invalid': {
    status: 503,
    hint: 'Correct the named line of the inventory file; it is read again by itself.',
  },
  unauthorized: {
    status: 401,
    hint: 'Open the address that "farglass serve" prints, or send a token as "Authorization: Bearer …".',
  },
  'bad-token': {
    status: 401,
    hint: 'Each link is for one use. "farglass serve" prints a new one.',
  },
  'bad-signature': {
    status: 401,
    hint: 'Compare name, key and way of signing with those of the trigger, and the clock of the sender.',
  },
  'forbidden-origin': { status: 403, hint: 'Use the page that Farglass itself serves.' },
  'not-found': {
    status: 404,
    hint: 'Check how it is written; it may also have been removed, or not be for you.',
  },
  'method-not-allowed': { status: 405, hint: 'See /openapi.json for the methods of this route.' },
  conflict: { status: 409, hint: 'Load the run again; it has moved on.' },
  'confirmation-needed': {
    status: 409,
    hint: 'Send the same request with "confirm": true when it is meant; on the command line, say --yes.',
  },
  'upload-stalled': {
    status: 408,
    hint: 'Send it again; nothing of it was kept. Look at the network on the way when it happens again.',
  },
  'body-too-large': { status: 413, hint: 'Keep the request under 384 KiB.' },
  'unsupported-media-type': { status: 415, hint: 'Send the body as application/json.' },
  'misdirected-host': { status: 421, hint: 'Use the address that "farglass serve" prints.' },
  'idempotency-conflict': {
    status: 422,
    hint: 'Use a new Idempotency-Key for a different request.',
  },
  'too-many-requests': { status: 429, hint: 'Wait a minute and try again.' },
  'too-many-runs': { status: 429, hint: 'Wait until some runs have ended, or stop some.' },
  internal: { status: 500, hint: 'Look into the log of "farglass serve" and report it.' },
  'store-failed': {
    status: 503,
    hint: 'Check the disk of the data directory and restart Farglass.',
  },
  'progress-too-large': { status: 503, hint: 'Follow fewer files in one run.' },
  // These two pass by themselves; runs that are under way wait for it.
  'disk-full': {
    status: 503,
    hint: 'Make room on it; what waits for that goes on by itself.',
  },
  'store-busy': { status: 503, hint: 'Stop the other process, or wait for it.' },
  'secret-key': {
    status: 503,
    hint: 'Correct the file, or name another one with --secret-key-file FILE.',
  },
  'secret-unreadable': {
    status: 503,
    hint: 'Give Farglass the key file with which it was sealed (--secret-key-file FILE), or enter the secret again.',
  },
  'too-many-searches': { status: 503, hint: 'Try again in some seconds.' },
  'too-many-groupings': { status: 503, hint: 'Try again when others have closed their views.' },
  'too-many-viewers': { status: 503, hint: 'Try again shortly.' },
  // Made by the client about its server, never by the server itself.
  'server-unreachable': {
    status: 502,
    hint: 'Check that "farglass serve" runs there and that the address is right.',
  },
  'bad-response': {
    status: 502,
    hint: 'Check that the address is that of a Farglass server of this version, not of a proxy.',
  },
  'stream-held': {
    status: 502,
    hint: 'Have the proxy in front of Farglass pass on each byte at once; nginx: "proxy_buffering off".',
  },
  'page-not-built': { status: 503, hint: 'Run "npm run build" where Farglass is installed.' },
  'shutting-down': { status: 503, hint: 'Come back in a few seconds.' },
  // From here on: why a task failed. They travel in the task and as a note; the status is for `doctor`.
  'ssh-missing': { status: 502, hint: 'Install it: apt-get install openssh-client.' },
  'ssh-config-invalid': { status: 502, hint: 'Correct the named line of the ssh_config file.' },
  'name-not-resolved': { status: 502, hint: 'Check the spelling of the host and your DNS.' },
  'connection-refused': {
    status: 502,
    hint: 'Check the port, and that sshd runs on the host.',
  },
  'connection-timeout': {
    status: 502,
    hint: 'Check that the host is up and that no firewall drops the port.',
  },
  'host-unreachable': { status: 502, hint: 'Check the network between Farglass and the host.' },
  'connection-closed': {
    status: 502,
    hint: 'The host closed the connection early: look into its sshd log (MaxStartups, AllowUsers).',
  },
  'connection-lost': { status: 502, hint: 'Check the network, then run the command again.' },
  'host-key-unknown': {
    status: 502,
    hint: 'Compare the fingerprint with "ssh-keygen -lf" on the host\'s console, then trust it.',
  },
  'host-key-changed': {
    status: 502,
    hint: 'Find out why the key changed. If it is right, remove the old entry with "ssh-keygen -R".',
  },
  'host-key-revoked': { status: 502, hint: 'Do not connect. Ask who revoked the key.' },
  'password-refused': { status: 502, hint: 'Check user name and password.' },
  'key-refused': {
    status: 502,
    hint: 'Add your public key to ~/.ssh/authorized_keys of that user, or give a password.',
  },
  'stopped-before-start': { status: 409, hint: 'Run it again if it should run after all.' },
  'timed-out': {
    status: 502,
    hint: 'Give it more time, or look on the host what it waits for.',
  },
  'too-many-failures': {
    status: 409,
    hint: 'Look why the others failed, then run it on the hosts that are left.',
  },
  'server-stopped': { status: 502, hint: 'Run the command again.' },
  'start-unknown': {
    status: 502,
    hint: 'Look on the host whether it ran, then decide whether to run it again.',
  },
  'exit-unknown': {
    status: 502,
    hint: 'Look on the host what became of it, then decide whether to run it again.',
  },
  'host-rebooted': {
    status: 502,
    hint: 'What came before is kept. Decide whether to run it again.',
  },
  'login-cancelled': { status: 502, hint: 'Run again and answer the question.' },
  'login-timeout': { status: 502, hint: 'Run again and answer the question in time.' },
  'algorithm-mismatch': {
    status: 502,
    hint: 'The host offers only old algorithms: update its sshd, or allow them in ssh_config.',
  },
  'session-refused': {
    status: 502,
    hint: 'The host refused a session: look at MaxSessions and the login shell of the user.',
  },
  'sudo-missing': { status: 502, hint: 'Install sudo there, or run it without.' },
  'sudo-needs-terminal': {
    status: 502,
    hint: 'Run it in a terminal (mode pty), or take "requiretty" out of its sudoers.',
  },
  'sudo-denied': {
    status: 502,
    hint: 'Look at the sudoers of the host: it must allow this user sh.',
  },
  'sudo-refused': { status: 502, hint: 'Run it again with the right password.' },
  'start-failed': { status: 502, hint: 'The host needs a POSIX sh: try "ssh HOST sh -s".' },
  'ssh-failed': { status: 502, hint: 'Try the same with "ssh -v" on the machine of Farglass.' },
} as const satisfies Record<string, { status: number; hint: string }>
