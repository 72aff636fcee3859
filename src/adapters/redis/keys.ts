/** Names of everything that Farglass keeps in Redis. All of one run shares a slot of a cluster. */
import type { RecordKind } from '../../core/store/record-store.ts'
import type { RunId } from '../../shared/run.ts'

export class RedisKeys {
  readonly prefix: string
  /** Sorted by the order of creation. */
  readonly runs: string
  /** Ids of runs that have not ended, and perhaps of some that just have. */
  readonly unfinished: string
  /** Names of nodes that were there lately. */
  readonly nodes: string
  /** Channel on which nodes tell each other that an alert has fired. */
  readonly firings: string
  readonly sessions: string
  readonly sessionEnds: string

  constructor(prefix: string) {
    this.prefix = prefix
    this.runs = `${prefix}runs`
    this.unfinished = `${prefix}unfinished`
    this.nodes = `${prefix}nodes`
    this.firings = `${prefix}firings`
    this.sessions = `${prefix}{sessions}`
    this.sessionEnds = `${prefix}{sessions}:ends`
  }

  run(id: RunId): string {
    return `${this.prefix}{${id}}:run`
  }

  log(id: RunId): string {
    return `${this.prefix}{${id}}:log`
  }

  /** Channel on which each change of the run is told. */
  bell(id: RunId): string {
    return `${this.prefix}{${id}}:bell`
  }

  /** Marked lines: position to time. */
  marks(id: RunId): string {
    return `${this.prefix}{${id}}:marks`
  }

  /** Channel on which nodes tell each other who watches the run, and that a line was marked. */
  words(id: RunId): string {
    return `${this.prefix}{${id}}:words`
  }

  /** All documents of a kind, by name, and the last version that one got. */
  records(kind: RecordKind): string {
    return `${this.prefix}records:${kind}`
  }

  /** What an Idempotency-Key stands for. */
  key(key: string): string {
    return `${this.prefix}key:${key}`
  }
}

export const defaultPrefix = 'farglass:'
