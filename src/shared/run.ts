/** Runs and tasks: one source executed on all hosts of a target, and one host's share of it. */
import type { EpochStart } from './epochs.ts'
import type { ErrorCode } from './errors.ts'
import type { Question } from './question.ts'
import type { Removal } from './retention.ts'
import type { RunPlan } from './run-plan.ts'

/** `r` and 25 characters `[a-z0-9]`: 129 bits, so an id cannot be guessed. */
export type RunId = string

export const runIdPattern: RegExp = /^r[a-z0-9]{25}$/

/** What is read on a host; `sourceComplaint` says what each must be. */
export type Source = CommandSource | FollowedSource

export interface CommandSource {
  readonly kind: 'command'
  readonly command: string
}

/**
 * What is written on the host by somebody else, and followed until the run is stopped. `lines` is
 * how many of its last lines come first, `limits.followedLinesDefault` without it.
 */
export type FollowedSource =
  | { readonly kind: 'files'; readonly paths: readonly string[]; readonly lines?: number }
  /** Of a systemd unit. */
  | { readonly kind: 'journal'; readonly unit: string; readonly lines?: number }
  /** Of Docker or Podman. */
  | { readonly kind: 'container'; readonly name: string; readonly lines?: number }

export const modeNames = ['durable', 'plain', 'pty'] as const

/**
 * How the command is held on the host: `durable` outlives connection and server, `plain` and `pty`
 * end with their connection. `merged` is a switch beside it, see `Run`.
 */
export type Mode = (typeof modeNames)[number]

export type RunState = 'queued' | 'running' | 'stopping' | 'ended'

/** `succeeded`: every task exited 0. `stopped`: by a person. `lost`: an outcome is not knowable. */
export type Outcome = 'succeeded' | 'failed' | 'stopped' | 'lost'

export type TaskState =
  | 'queued'
  | 'connecting'
  | 'needs-input'
  | 'running'
  | 'reconnecting'
  | 'stopping'
  | 'ended'
  | 'failed'
  | 'lost'

/** One host's share of a run. Times are ISO 8601 UTC. */
export interface Task {
  /** Small number, the `task` of its lines. */
  readonly id: number
  /** As the user wrote it, or as the inventory names it. */
  readonly host: string
  /** Where ssh goes, when the inventory says another place than the name itself. */
  readonly destination?: string
  /** How it is held on its host: the run's mode, or `plain` where the host cannot hold a durable run. */
  readonly mode: Mode
  readonly state: TaskState
  /** Exit code of the command, 0 to 255, once it has exited. */
  readonly exitCode: number | null
  /** Name of the signal that ended it (`TERM`), when the code tells. */
  readonly signal: string | null
  /** Source bytes of stdout and stderr whose lines are committed. */
  readonly outBytes: number
  readonly errBytes: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** Since when its host is away while the source goes on there; null while there is a connection. */
  readonly awaySince: string | null
  /** Why it failed, was lost or timed out, or why its host lets nobody in, and what to do: one or two sentences. */
  readonly message: string | null
  readonly code: ErrorCode | null
  /** What a person must answer while the state is `needs-input`. */
  readonly question: Question | null
}

/** A run as the API gives it. */
export interface Run {
  readonly id: RunId
  /** The target as the user wrote it. */
  readonly target: string
  /** Of a saved command, `{{name}}` may still stand in it: for a value that is another one on each host. */
  readonly source: Source
  /** What it was started from; not there for a run of its own. */
  readonly saved?: SavedUse
  /** The run that it runs again. */
  readonly rerunOf?: RunId
  /** What started it by itself; not there when a person did, by page, terminal or API. */
  readonly startedBy?: StartedBy
  readonly mode: Mode
  /** stdout and stderr joined on the host: exact order, no channel tag. */
  readonly merged: boolean
  readonly plan: RunPlan
  /** Variables of the command whose values are secret and shown nowhere; not there without any. */
  readonly secretNames?: readonly string[]
  /** Its command is run by sudo; not there when it is not. */
  readonly sudo?: boolean
  readonly state: RunState
  readonly outcome: Outcome | null
  /** Lines of the channels `out` and `err`. Notes take positions but are not counted here. */
  readonly lines: number
  /** First position that is still kept, and the next one to be given. */
  readonly first: number
  readonly next: number
  /** Number of the ownership of the run: higher with each process that takes it over. */
  readonly epoch: number
  /**
   * Where the ownerships after the first began, oldest first, `limits.epochsMax` at most. Readers
   * compare them with those that they knew before (`givenAnewFrom`): a store may have lost lines.
   */
  readonly epochs: readonly EpochStart[]
  /** Notes of bytes that could not be had any more: each is a row that says which and why. */
  readonly gaps: number
  /** Lines for which the store has broken its rule of dense positions. Readers check what reached them. */
  readonly lost: number
  readonly duplicated: number
  /** The last of `epochs`: all that readers of 0.1.0 know of them. */
  readonly reset: EpochStart | null
  /** Why its reading waits for the store, and what to do; null while it does not. */
  readonly paused: string | null
  /** Retention leaves it as it is. */
  readonly pinned: boolean
  /** What retention has removed of its lines; null while it has them. */
  readonly removed: Removal | null
  readonly createdAt: string
  readonly endedAt: string | null
  readonly tasks: readonly Task[]
}

/** The saved command that a run was started from, as it was then. */
export interface SavedUse {
  readonly name: string
  readonly version: number
  /** By the name of each parameter. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

/** A schedule, or a trigger, by its name as it was then. */
export interface StartedBy {
  readonly kind: (typeof starterKinds)[number]
  readonly name: string
}

/** What starts runs by itself. */
export const starterKinds = ['schedule', 'trigger'] as const

/** A value of all hosts, or one for each by the host's name; null: it is secret, and kept nowhere. */
export type ParameterValue = string | null | Readonly<Record<string, string>>

/** Whether a task in this state never changes again. */
export function isFinal(state: TaskState): boolean {
  return state === 'ended' || state === 'failed' || state === 'lost'
}

/** What the tasks of an ended run amount to. A stop by a person explains every other end. */
export function outcomeOf(tasks: readonly Task[], stopped: boolean): Outcome {
  if (tasks.some((task) => task.state === 'lost')) return 'lost'
  if (stopped) return 'stopped'
  return tasks.every(
    ({ state, exitCode, code }) => state === 'ended' && exitCode === 0 && code === null,
  )
    ? 'succeeded'
    : 'failed'
}
