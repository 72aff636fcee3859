/** Farglass's own rows: the first word is the kind (docs/protocol.md), the rest is a sentence. */

import type { SourceChannel } from '../../shared/channel.ts'
import { formatDuration } from '../../shared/duration.ts'
import { type AppError, sentenceOf } from '../../shared/errors.ts'
import type { LineGroup } from '../../shared/line-group.ts'
import type { Source, Task } from '../../shared/run.ts'
import type { StopProof } from './modes/run-mode.ts'
import { signalName } from './task-state.ts'

export const notes = {
  connected: (task: Task): string => `connected to ${task.host}`,

  disconnected: (error: AppError, source: Source): string =>
    source.kind === 'command'
      ? `disconnected: ${error.message} The command goes on on the host, and its output is kept there.`
      : `disconnected: ${error.message} What is written meanwhile is read afterwards.`,

  /** `awayMs` null: by a Farglass that was started anew. */
  reconnected: ({ outBytes, errBytes }: Task, source: Source, awayMs: number | null): string => {
    const when = awayMs === null ? 'by a new start of Farglass' : `after ${formatDuration(awayMs)}`
    if (source.kind !== 'command') return `reconnected ${when}`
    const stderr = errBytes === 0 ? '' : `, of stderr at byte ${errBytes}`
    return `reconnected ${when}, resumed at byte ${outBytes}${stderr}`
  },

  fellBack: (why: string): string =>
    `plain: the host cannot hold a durable run, because ${why}; this command ends with its connection`,

  gap: ({ channel, file, from, to, reason }: Gap): string => {
    const where = file ?? (channel === 'out' ? 'stdout' : 'stderr')
    return `gap: ${rangeText(from, to)} of ${where} cannot be had: ${reason}`
  },

  /** `code` null: of a source that has none. */
  exited: (code: number | null, ms: number): string => {
    if (code === null) return `ended after ${formatDuration(ms)}`
    const signal = signalName(code)
    return `exited ${code}${signal === null ? '' : ` (${signal})`} after ${formatDuration(ms)}`
  },

  /** Reading had waited for the store. */
  resumed: (reason: AppError, ms: number): string =>
    `resumed after ${formatDuration(ms)}: ${
      reason.code === 'disk-full'
        ? 'the disk of Farglass was full'
        : 'the store of Farglass took no lines'
    }`,

  /** The command is gone, but something it has started still holds its output. */
  outputOpen: (code: number): string =>
    `exited ${code}; processes in the background still hold the output open`,

  failed: (error: AppError): string => `failed: ${sentenceOf(error)}`,

  lost: (error: AppError): string => `lost: ${sentenceOf(error)}`,

  /** It is being stopped; the proof follows. */
  timedOut: ({ message }: AppError): string => `timed-out: ${message}`,

  stopped: (proof: StopProof): string => {
    switch (proof.kind) {
      case 'empty':
        return `stopped: ${processes(proof.gone)} gone${proof.killed ? ' (KILL was needed)' : ''}${outsideText(proof.outside)}`
      case 'alive':
        return `stopped: still alive on the host: ${proof.pids.join(', ')}`
      case 'unknown':
        return `stopped: whether its processes are gone is not known: ${proof.why}`
    }
  },
} as const

/** Bytes of a source that cannot be had. */
export interface Gap {
  readonly channel: SourceChannel
  readonly file?: string
  /** Null: nobody knows where it begins, or where it ends. */
  readonly from: number | null
  readonly to: number | null
  readonly reason: string
}

function rangeText(from: number | null, to: number | null): string {
  if (from === null) return `an unknown number of bytes before ${to ?? 'the next one'}`
  return to === null ? `an unknown number of bytes from ${from} on` : `bytes ${from} to ${to}`
}

function outsideText(pids: readonly number[] = []): string {
  if (pids.length === 0) return ''
  return `; of those that have left its group there live on: ${pids.join(', ')}`
}

function processes(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`
}

const encoder = new TextEncoder()

/** A note as a row of its task, written at `time` (milliseconds since 1970). */
export function noteGroup(task: number, text: string, time: number): LineGroup {
  const bytes = encoder.encode(`${text}\n`)
  return { task, channel: 'note', time, count: 1, bytes, end: 'newline' }
}
