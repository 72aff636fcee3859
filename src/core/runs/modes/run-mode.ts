/** Strategy: how a command is held on the host. `plain` and `pty` now; `durable` joins here. */
import type { SourceChannel } from '../../../shared/channel.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { Clock } from '../../clock.ts'
import type { RemoteHost } from '../../remote/remote-host.ts'

export interface RunMode {
  /**
   * Starts the command on the host, once. Resolves when the session is open; what happens then
   * comes as events. Never starts again on its own.
   */
  start(host: RemoteHost, command: HeldCommand): Promise<RunningCommand>
}

export interface HeldCommand {
  readonly command: string
  readonly merged: boolean
  /** Unguessable text that marks out-of-band messages, `[a-z0-9]`. */
  readonly nonce: string
  readonly clock: Clock
}

export interface RunningCommand {
  /**
   * `started` first (or `failed`), then bytes, `exited`, and last `finished` when the output has
   * ended too. `lost` instead when the connection ended before an exit was seen. Read to its end:
   * not reading pauses the command.
   */
  readonly events: AsyncIterable<CommandEvent>
  /**
   * Ends the command: TERM, after `graceMs` KILL, then looks whether its process group is empty.
   * Resolves with the proof; never rejects for a host that does not answer (`unknown`).
   */
  stop(graceMs: number): Promise<StopProof>
  /** Lets go of the session; on the host the wrapper ends what is left of the process group. */
  [Symbol.asyncDispose](): Promise<void>
}

export type CommandEvent =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'bytes'; readonly channel: SourceChannel; readonly bytes: Uint8Array }
  /** 0 to 255; over 128 it may stand for a signal. Output may still follow. */
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'lost'; readonly error: AppError }

export type StopProof =
  /** `gone`: how many processes the group had when TERM was sent. `killed`: KILL was needed. */
  | { readonly kind: 'empty'; readonly gone: number; readonly killed: boolean }
  | { readonly kind: 'alive'; readonly pids: readonly number[] }
  | { readonly kind: 'unknown'; readonly why: string }
