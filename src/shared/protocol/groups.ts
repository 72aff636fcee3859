/** Tasks grouped by what they have printed, as it is on the wire (docs/protocol.md). */
import type { RunId, TaskState } from '../run.ts'

/** Answer of `GET /api/v1/runs/{id}/groups`, and data of each `groups` event of its stream. */
export interface GroupedRun {
  readonly run: RunId
  /** First position that was compared: the lines before it are not kept any more. */
  readonly from: number
  /** Position before which all lines were compared. */
  readonly next: number
  /** The run has ended and all of its lines were compared: nothing changes any more. */
  readonly isFinal: boolean
  /** Odd ones first, then failed ones, then those that are the same so far; what they are compared with is last. */
  readonly groups: readonly TaskGroup[]
  /** Tasks with too many lines to be grouped. */
  readonly tooLong: readonly number[]
}

/** Tasks whose lines are the same, channel by channel, and that have ended alike or go on. */
export interface TaskGroup {
  /** Ids, lowest first; at least one. */
  readonly tasks: readonly number[]
  /** How they ended; null while they go on. */
  readonly ended: TaskEnding | null
  /** Lines that each has printed, by channel. */
  readonly lines: ChannelCounts
  /** Of those, how many from the start on are those of the reference. */
  readonly common: ChannelCounts
  readonly relation: GroupRelation
}

export interface TaskEnding {
  readonly state: Extract<TaskState, 'ended' | 'failed' | 'lost'>
  readonly exitCode: number | null
  readonly signal: string | null
}

export interface ChannelCounts {
  readonly out: number
  readonly err: number
}

/**
 * `reference`: what all others are compared with. `same`: the same lines, another end. `so-far`: one
 * of both goes on, and nothing differs yet. `differs`: line `common + 1` of a channel does, or is not there.
 */
export type GroupRelation = 'reference' | 'same' | 'so-far' | 'differs'
