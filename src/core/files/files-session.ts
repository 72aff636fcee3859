/** All followed files of one session: which files there are, and when the host must do what. */

import { limits } from '../../shared/limits.ts'
import { isGlob } from '../../shared/source.ts'
import type { FollowCommand } from '../remote/follow-command.ts'
import type { FileEntry, FollowFrame } from '../remote/follow-frames.ts'
import type { FileEvent } from './file-event.ts'
import type { ReaderStart } from './file-reader.ts'
import type { FilesProgress } from './files-progress.ts'
import { isPacked, isRotatedFrom } from './rotated-files.ts'
import { RunningReader } from './running-reader.ts'

export interface FilesRequest {
  /** Paths and globs; `~/` stands for the home directory. */
  readonly paths: readonly string[]
  /** Last lines to begin with. */
  readonly lines: number
  readonly progress: FilesProgress
  /** Milliseconds of a steady clock. */
  readonly now: () => number
}

/** What to store and what to send, in order. */
export interface FilesOutput {
  readonly events: readonly FileEvent[]
  readonly commands: readonly FollowCommand[]
}

/** Two stored positions of a file, beside its name. */
const positionBytes = 200
/** Bells are set anew together: many readers begin at the same time. */
const bellDelayMs = 50

/** Does no I/O: frames and time go in, events and commands come out. */
export class FilesSession {
  readonly #request: FilesRequest
  readonly #readers = new Map<string, RunningReader>()
  /** Whom an answer is for. */
  readonly #owners = new Map<number, RunningReader>()
  readonly #globs = new Map<number, Glob>()
  #events: FileEvent[] = []
  #commands: FollowCommand[] = []
  #lastId = 0
  #bellAtMs: number | null = null
  #toldTooMany = false
  #progressBytes = 0
  /** Patterns without a first position of their files; null before the host has answered. */
  #toBegin: Set<string> | null = null

  constructor(request: FilesRequest) {
    this.#request = request
  }

  /** Whether all files that were there at the start have their first position. */
  get isBegun(): boolean {
    return this.#toBegin?.size === 0
  }

  /** When `tick` has something to do, by the request's clock. */
  get dueMs(): number | null {
    const times = [...this.#readers.values()].map((reader) => reader.dueMs)
    const due = Math.min(...[...times, this.#bellAtMs].map((time) => time ?? Infinity))
    return due === Infinity ? null : due
  }

  take(frame: FollowFrame): FilesOutput {
    if (frame.kind === 'home') this.#begin(frame.path)
    else if (frame.kind === 'matches') this.#list(frame.id)
    else if (frame.kind !== 'broken') this.#answer(frame)
    return this.#output()
  }

  #answer(frame: Extract<FollowFrame, { id: number }>): void {
    if (this.#globs.has(frame.id)) this.#takeMatch(frame)
    else this.#owners.get(frame.id)?.take(frame)
  }

  tick(): FilesOutput {
    const time = this.#request.now()
    for (const reader of this.#readers.values()) reader.tick(time)
    if (this.#bellAtMs !== null && this.#bellAtMs <= time) {
      this.#bellAtMs = null
      this.#commands.push({ kind: 'bell', paths: [...this.#readers.keys()] })
    }
    return this.#output()
  }

  #output(): FilesOutput {
    const output = { events: this.#events, commands: this.#commands }
    this.#events = []
    this.#commands = []
    return output
  }

  #begin(home: string): void {
    const { progress } = this.#request
    const paths = this.#request.paths.map((path) => path.replace(/^~(?=\/)/, home))
    this.#toBegin = new Set(paths)
    // What was followed and may still be there, whether a pattern still matches it or not.
    for (const [path, positions] of progress.files)
      this.#follow(path, { kind: 'resume', positions })
    for (const path of paths) {
      if (progress.begun.has(path)) this.#toBegin.delete(path)
      if (isGlob(path)) this.#watchGlob(path, progress.begun.has(path))
      else this.#followNamed(path)
    }
    // Also without any file there: the ring is what makes the host look.
    this.#bellAtMs = this.#request.now()
  }

  #begun(pattern: string): void {
    this.#toBegin?.delete(pattern)
    this.#events.push({ kind: 'begun', pattern })
  }

  #followNamed(path: string): void {
    const begun = () => this.#begun(path)
    if (this.#readers.has(path)) begun()
    else this.#follow(path, { kind: 'lines', lines: this.#request.lines }, begun)
  }

  #follow(path: string, begin: ReaderStart['begin'], begun: () => void = () => {}): void {
    this.#progressBytes += path.length * 3 + positionBytes
    if (
      this.#readers.size >= limits.followedFilesMax ||
      this.#progressBytes > limits.progressBytesMax
    ) {
      if (!this.#toldTooMany) {
        this.#events.push({
          kind: 'note',
          text: `gap: more files match than can be followed: the others are not read`,
        })
      }
      this.#toldTooMany = true
      begun()
      return
    }
    const reader: RunningReader = new RunningReader({ path, begin }, begun, {
      newId: () => this.#newId(reader),
      forget: (id) => void this.#owners.delete(id),
      emit: (event) => void this.#events.push(event),
      send: (command) => void this.#commands.push(command),
      now: this.#request.now,
    })
    this.#readers.set(path, reader)
    this.#bellAtMs ??= this.#request.now() + bellDelayMs
    reader.start()
  }

  #newId(owner: RunningReader): number {
    this.#lastId += 1
    this.#owners.set(this.#lastId, owner)
    return this.#lastId
  }

  #watchGlob(pattern: string, isBegun: boolean): void {
    this.#lastId += 1
    const id = this.#lastId
    this.#globs.set(id, { pattern, isBegun, entries: [], told: new Set() })
    this.#list(id)
    this.#commands.push({ kind: 'match', id, path: pattern })
  }

  #list(id: number): void {
    const glob = this.#globs.get(id)
    if (glob === undefined) return
    glob.entries = []
    this.#commands.push({ kind: 'list', id, path: glob.pattern })
  }

  #takeMatch(frame: FollowFrame): void {
    if (!('id' in frame)) return
    const glob = this.#globs.get(frame.id)
    if (glob === undefined) return
    if (frame.kind === 'entry') glob.entries.push(frame.entry)
    if (frame.kind === 'unreadable')
      this.#tellOnce(glob, `not followed: ${frame.path}: it cannot be read`)
    if (frame.kind !== 'end') return
    if (frame.refused > 0) {
      this.#tellOnce(glob, `not followed: a name with a newline that matches ${glob.pattern}`)
    }
    this.#followMatches(glob)
  }

  /** At the start a match begins with its last lines; what comes later is read from its start. */
  #followMatches(glob: Glob): void {
    const { lines } = this.#request
    const found = this.#unfollowed(glob.entries)
    glob.entries = []
    if (glob.isBegun) {
      for (const { path } of found) this.#follow(path, { kind: 'all' })
      return
    }
    glob.isBegun = true
    const { pattern } = glob
    let left = found.length
    if (left === 0) {
      this.#tellOnce(glob, `waiting for ${pattern}: nothing matches it yet`)
      this.#begun(pattern)
    }
    for (const { path } of found) {
      this.#follow(path, { kind: 'lines', lines }, () => {
        left -= 1
        if (left === 0) this.#begun(pattern)
      })
    }
  }

  /** Without packed files and those that are the rotated ones of another match. */
  #unfollowed(entries: readonly FileEntry[]): FileEntry[] {
    const paths = new Map(entries.map((entry) => [entry.path, entry]))
    const names = [...new Set([...paths.keys(), ...this.#readers.keys()])]
    return [...paths.values()].filter(
      ({ path }) =>
        !this.#readers.has(path) &&
        !isPacked(path) &&
        !names.some((name) => name !== path && isRotatedFrom(name, path)),
    )
  }

  #tellOnce(glob: Glob, text: string): void {
    if (glob.told.has(text) || glob.told.size >= toldMax) return
    glob.told.add(text)
    this.#events.push({ kind: 'note', text })
  }
}

/** Notes of one pattern. */
const toldMax = 100

interface Glob {
  readonly pattern: string
  isBegun: boolean
  entries: FileEntry[]
  readonly told: Set<string>
}
