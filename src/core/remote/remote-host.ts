/** Port: sessions on remote hosts. Knows nothing of commands and lines: it moves bytes. */
import type { SourceChannel } from '../../shared/channel.ts'
import type { Destination } from '../../shared/destination.ts'
import type { Answer, Question } from '../../shared/question.ts'
import type { Secret } from '../../shared/secret.ts'

export interface RemoteHosts {
  /**
   * Connects, or joins the connection that is already there for the same destination and login.
   * Resolves once sessions can be opened. Rejects with an AppError whose code says what went wrong
   * (`name-not-resolved`, `password-refused`, `host-key-changed` …) or with the signal's reason.
   */
  connect(request: ConnectRequest, signal: AbortSignal): Promise<RemoteHost>

  /** Ends every connection and every local process of it. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface ConnectRequest {
  readonly destination: Destination
  /** A typed login: no key is offered, and the connection is shared with nobody. */
  readonly login?: { readonly password: Secret }
  /** Asks a person. Rejects when nobody answers in time or the signal aborts. */
  ask(question: AskedQuestion, signal: AbortSignal): Promise<Answer>
}

/** A question before the run has numbered it. */
export type AskedQuestion = Question extends infer Q
  ? Q extends Question
    ? Omit<Q, 'id'>
    : never
  : never

export interface RemoteHost {
  /** What is known of the host: one object for all who share its connections. */
  readonly findings: HostFindings

  /**
   * Opens a session in which a POSIX sh reads `script` from its stdin; with `tty` in a terminal of
   * the host, where both outputs come as `out`. The remote argv is constant. Resolves when the
   * session was asked for (not when the host answered). May be called again and again.
   */
  open(request: { readonly script: string; readonly tty: boolean }): Promise<RemoteChannel>

  /** Gives the share of the connection back; the connection itself may live on for others. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What was found out in one session, and spares the next ones to look again. */
export interface HostFindings {
  /** When a durable run last found all that it needs there, by the steady clock; undefined: not yet. */
  durableAt?: number | undefined
}

export interface RemoteChannel {
  /**
   * What comes from the host, as it comes; why it gave no session, terminal or command comes on
   * `err`. Ends when the host closes the session. Not reading pauses the host (one window for both
   * channels). Rejects with `connection-lost` when the connection ends before it.
   */
  readonly output: AsyncIterable<ChannelBytes>
  /**
   * What the remote sh has exited with, once the output has ended. Null when nobody can tell: the
   * session or the connection broke off, or a signal has ended it.
   */
  readonly status: number | null
  /** Writes to the stdin of the remote sh. What the host does not read any more is dropped. */
  send(text: string): void
  /**
   * Closes the stdin of the remote sh: the wrapper then ends its process group. Happens by itself
   * when nothing on the host holds an output any more.
   */
  end(): void
  /** Closes the session and lets go of its output at once. Safe to call twice. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface ChannelBytes {
  readonly channel: SourceChannel
  readonly bytes: Uint8Array
}
