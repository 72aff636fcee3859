/** Strategy: how a source is read on a host. One row per mode in modes.ts. */
import type { SourceChannel } from '../../../shared/channel.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { Task } from '../../../shared/run.ts'
import type { Secret } from '../../../shared/secret.ts'
import type { Clock } from '../../clock.ts'
import type { FileEvent } from '../../files/file-event.ts'
import type { RemoteHost } from '../../remote/remote-host.ts'
import type { SudoUse } from '../../remote/sudo-command.ts'

export interface RunMode {
  /**
   * Starts the source on the host. Resolves when the session is open; what happens then comes as
   * events. A mode that has `resume` may be asked again after a cut that came before `started`: it
   * still starts the source at most once. Others never start again.
   */
  start(host: RemoteHost, held: Held): Promise<RunningSource>
  /**
   * Reads on a source that was started before, after the last byte that is known; undefined when
   * a cut session is the end. It never starts anything.
   */
  readonly resume?: (host: RemoteHost, held: Held, at: ReadPoint) => Promise<RunningSource>
}

export interface Held {
  /** Unique name of the task, `[a-z0-9.]`: names what is kept on the host. */
  readonly name: string
  /** Sends stderr where stdout goes. */
  readonly merged: boolean
  /** Unguessable text that marks out-of-band messages, `[a-z0-9]`. */
  readonly nonce: string
  readonly clock: Clock
  /** Secrets that the command gets as variables of its environment. */
  readonly variables?: ReadonlyMap<string, Secret>
  /** The command is run by sudo. */
  readonly sudo?: SudoUse
}

/** How far a source was read: everything before it is stored, or on its way to the store in order. */
export interface ReadPoint {
  readonly task: Pick<Task, 'outBytes' | 'errBytes' | 'startedAt'>
  /** What the mode itself has kept with the lines, see `Append.progress`. */
  readonly progress?: string
}

export interface RunningSource {
  /**
   * `started` (or `resumed`) first, or `failed`, or `unsupported`; then bytes, `exited`, and last
   * `finished` when the output has ended too. Instead of these `lost` when the outcome cannot be
   * known any more, or `cut` when the session ended and `resume` may go on. Read to its end: not
   * reading pauses the source.
   */
  readonly events: AsyncIterable<SourceEvent>
  /**
   * Ends the source: TERM, after `graceMs` KILL, then looks whether its process group is empty.
   * Resolves with the proof; never rejects for a host that does not answer (`unknown`).
   */
  stop(graceMs: number): Promise<StopProof>
  /** So many bytes of the source are stored for good: the host need not keep them. Safe to leave out. */
  kept?(stored: ReadPoint['task']): void
  /**
   * Everything is stored: what is kept on the host for this task may go. Call after the last event.
   * Resolves with true when the host has done it, with false when it does not answer: then
   * `leftover` removes it later. Safe to leave out.
   */
  release?(): Promise<boolean>
  /**
   * After a session that broke: ends what the host may still run of it, or removes what it keeps of
   * a source that has ended, when it can be reached again. Undefined when nothing can be left.
   */
  leftover?(): EndLeftover | undefined
  /** Lets go of the session. What lives by its session on the host is ended there. */
  [Symbol.asyncDispose](): Promise<void>
}

export type EndLeftover = (host: RemoteHost) => Promise<StopProof>

export type SourceEvent =
  /** `group`: of a source that ends with its session. */
  | { readonly kind: 'started'; readonly pid: number; readonly group?: HeldGroup }
  /** The session reads on where `ReadPoint` says. */
  | { readonly kind: 'resumed' }
  | {
      readonly kind: 'bytes'
      readonly channel: SourceChannel
      readonly bytes: Uint8Array
    }
  /** Of a followed file. Such events may come before `started`, and count from then on. */
  | { readonly kind: 'file'; readonly event: FileEvent }
  /** Whole lines of what is followed, and where it goes on after them. May come before `started`. */
  | {
      readonly kind: 'entries'
      readonly channel: SourceChannel
      readonly bytes: Uint8Array
      readonly progress: string
    }
  /** Bytes of a stream that cannot be had any more; null: nobody knows where that begins or ends. */
  | {
      readonly kind: 'gap'
      readonly channel: SourceChannel
      readonly from: number | null
      readonly to: number | null
      readonly reason: string
    }
  /** Something to know about the source: a row of its own. The first word is its kind. */
  | { readonly kind: 'note'; readonly text: string }
  /** 0 to 255; over 128 it may stand for a signal. Output may still follow. */
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'finished' }
  /** It cannot be run in this mode on this host; nothing was started. */
  | { readonly kind: 'unsupported'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'lost'; readonly error: AppError }
  | { readonly kind: 'cut'; readonly error: AppError }

/** A group of processes that ends with its session. */
export interface HeldGroup {
  readonly pid: number
  /** The wrapper's own helper in it. */
  readonly watchdog: number
  /** When its leader was started, see `ownStart`. */
  readonly since: number
  /** Part of the name of the boot, see `bootNumber`. */
  readonly boot: number
}

export type StopProof =
  | {
      readonly kind: 'empty'
      /** How many processes the group had when TERM was sent. */
      readonly gone: number
      /** KILL was needed. */
      readonly killed: boolean
      /** Processes of the task that have left its group and still live. */
      readonly outside?: readonly number[]
    }
  | { readonly kind: 'alive'; readonly pids: readonly number[] }
  | { readonly kind: 'unknown'; readonly why: string }
