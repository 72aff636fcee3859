/**
 * Looks at everything that becomes durable or is shown, and compares it with what the commands have
 * written. Knows the promise and nothing of how it is kept.
 */

import type { Append, AppendResult, LogStore } from '../../src/core/store/log-store.ts'
import type { CatalogChange } from '../../src/core/store/run-catalog.ts'
import type { SourceChannel } from '../../src/shared/channel.ts'
import { type LineGroup, textsOf } from '../../src/shared/line-group.ts'
import { noteKind } from '../../src/shared/note.ts'
import { isFinal, type Run, type RunId, type Task } from '../../src/shared/run.ts'
import type { DiskWatch } from './simulated-disk.ts'
import type { SimulatedSpool } from './simulated-spool.ts'

export class Watch implements DiskWatch {
  readonly #directoryOf: (name: string, host: string) => SimulatedSpool | undefined
  readonly #now: () => number
  readonly #history: string[] = []
  readonly #hosts = new Map<string, string>()
  readonly #texts = new Map<RunId, string[]>()
  /** What was ever shown anywhere, for ever. */
  readonly #shown = new Map<RunId, string[]>()
  readonly #stored = new Map<string, Record<SourceChannel, number>>()
  readonly #ended = new Set<RunId>()
  /** Files that somebody has emptied, by task and channel: what stood there, until a gap is told. */
  readonly #emptied = new Map<string, Uint8Array | null>()
  /** The first thing that must never be. */
  failure: string | undefined
  tasks = 0
  storedLines = 0
  shownLines = 0
  readonly noteKinds: Map<string, number> = new Map()

  constructor(
    directoryOf: (name: string, host: string) => SimulatedSpool | undefined,
    now: () => number,
  ) {
    this.#directoryOf = directoryOf
    this.#now = now
  }

  /** One thing that has happened, for whoever looks for the reason of a failure. */
  tell(what: string): void {
    this.#history.push(`${Math.round(this.#now())} ${what}`)
    if (this.#history.length > historyMax) this.#history.shift()
  }

  get history(): readonly string[] {
    return this.#history
  }

  fail(what: string): void {
    this.failure ??= what
  }

  /** Empties a file of a task of which something is stored: a gap must be told before what follows. */
  emptyFile(directory: SimulatedSpool, channel: SourceChannel): void {
    const { name, files } = directory
    const key = `${name} ${channel}`
    const before = files[channel]
    if (this.#emptied.has(key) || (this.#stored.get(name)?.[channel] ?? 0) === 0) return
    if (!directory.empty(channel)) return
    this.#emptied.set(key, before)
    this.tell(`${key} is emptied`)
  }

  /** A run as it was made. */
  created(run: Run): void {
    this.#texts.set(run.id, [])
    this.tasks += run.tasks.length
    for (const task of run.tasks) {
      this.#hosts.set(nameOf(run.id, task.id), task.host)
      this.#stored.set(nameOf(run.id, task.id), { out: 0, err: 0 })
    }
  }

  appended(append: Append, result: AppendResult): void {
    const { run, pos, epoch, groups } = append
    const channels = groups.map(({ task, channel, count }) => `${task} ${channel} ${count}`)
    this.tell(`append ${run} at ${pos}, epoch ${epoch}: ${result.kind} (${channels.join(', ')})`)
    if (result.kind !== 'stored') return
    const texts = this.#texts.get(append.run)
    if (texts === undefined) return this.fail('Lines of a run that was never made were stored.')
    if (append.pos !== texts.length) {
      this.fail(`run ${append.run}: lines at ${append.pos}, but ${texts.length} is next`)
    }
    for (const group of append.groups) {
      texts.push(...textsOf(group))
      this.#isWritten(append.run, group)
    }
    this.storedLines = 0
    for (const each of this.#texts.values()) this.storedLines += each.length
    for (const task of append.tasks) this.#taskStored(append.run, task)
    if (append.state?.state === 'ended') this.#ended.add(append.run)
  }

  saved(change: CatalogChange): void {
    const states = change.tasks.map(({ id, state }) => `${id} ${state}`)
    this.tell(
      `save ${change.run}, epoch ${change.epoch}: ${change.state?.state} ${states.join(', ')}`,
    )
    for (const task of change.tasks) this.#taskStored(change.run, task)
    if (change.state?.state === 'ended') this.#ended.add(change.run)
  }

  /** What a viewer was shown. */
  shown(run: RunId, pos: number, text: string): void {
    this.shownLines += 1
    const shown = this.#shown.get(run) ?? []
    this.#shown.set(run, shown)
    const before = shown[pos]
    if (before !== undefined && before !== text) {
      this.fail(`run ${run}: ${pos} was shown as ${quoted(before)} and as ${quoted(text)}`)
    }
    shown[pos] = text
    const stored = this.#texts.get(run)?.[pos]
    if (stored === undefined) this.fail(`run ${run}: ${pos} was shown and is not durable`)
    else if (stored !== text) {
      this.fail(`run ${run}: ${pos} is stored as ${quoted(stored)}, shown as ${quoted(text)}`)
    }
  }

  /** A viewer was told that the run has ended. */
  toldEnd(run: RunId, next: number): void {
    if (!this.#ended.has(run)) this.fail(`run ${run}: a viewer was told an end that is not durable`)
    const stored = this.#texts.get(run)?.length
    if (stored !== next)
      this.fail(`run ${run}: a viewer's end is at ${next}, the log's at ${stored}`)
  }

  /** The log as a service has it: what it acknowledges must be durable by then. */
  acknowledging(log: LogStore, durable: LogStore): LogStore {
    return {
      ...log,
      append: async (append) => {
        const result = await log.append(append)
        if (result.kind !== 'stored' && result.kind !== 'duplicate') return result
        const end = append.pos + append.groups.reduce((sum, group) => sum + group.count, 0)
        const { next } = await durable.bounds(append.run)
        if (next < end) this.fail(`run ${append.run}: lines were acknowledged and are not durable`)
        return result
      },
    }
  }

  /** The last look, when nothing happens any more. `isGivenUp` runs may be lost on purpose. */
  finished(run: Run, isGivenUp: boolean): void {
    if (run.state !== 'ended') return this.fail(`run ${run.id} is ${run.state} for ever`)
    for (const task of run.tasks) {
      const directory = this.#directoryOf(nameOf(run.id, task.id), task.host)
      if (task.state === 'lost' && !isGivenUp) {
        this.fail(`run ${run.id}.${task.id} is lost: ${task.message}`)
      }
      if (task.state === 'failed' && !excuses.includes(task.code ?? '')) {
        this.fail(`run ${run.id}.${task.id} has failed: ${task.message}`)
      }
      if (task.state === 'ended' && directory?.exit !== task.exitCode) {
        this.fail(`run ${run.id}.${task.id}: exit ${directory?.exit} is told as ${task.exitCode}`)
      }
    }
  }

  #isWritten(run: RunId, group: LineGroup): void {
    if (group.channel === 'note') return this.#noted(run, group)
    const name = nameOf(run, group.task)
    const stored = this.#stored.get(name)
    // What was read before the file was emptied may be stored until the gap is told.
    const before = this.#emptied.get(`${name} ${group.channel}`)
    const file = before ?? this.#directory(name)?.files[group.channel]
    if (stored === undefined) return
    const from = stored[group.channel]
    stored[group.channel] += group.bytes.length
    const written = file?.subarray(from, stored[group.channel]) ?? new Uint8Array(0)
    if (Buffer.compare(written, group.bytes) === 0) return
    this.fail(
      `${name} ${group.channel} from byte ${from} on: ${quoted(text(group.bytes))} is stored, ${quoted(text(written))} was written`,
    )
  }

  /** Reading goes on at the byte that the gap names. */
  #gap(run: RunId, task: number, note: string): void {
    const name = nameOf(run, task)
    const [, at, stream] = /^gap: an unknown number .* ([0-9]+) .*of std(out|err) /.exec(note) ?? []
    const channel = stream === 'err' ? 'err' : 'out'
    const key = `${name} ${channel}`
    const stored = this.#stored.get(name)
    if (at === undefined || stored === undefined || !this.#emptied.has(key)) {
      return this.fail(`a gap that is none: ${note}`)
    }
    this.#emptied.set(key, null)
    stored[channel] = Number(at)
  }

  #noted(run: RunId, group: LineGroup): void {
    for (const note of textsOf(group)) {
      this.tell(`${group.task} ${note}`)
      const kind = noteKind(note)
      this.noteKinds.set(kind, (this.noteKinds.get(kind) ?? 0) + 1)
      if (kind === 'gap') this.#gap(run, group.task, note)
    }
  }

  #taskStored(run: RunId, task: Task): void {
    const name = nameOf(run, task.id)
    const stored = this.#stored.get(name)
    const directory = this.#directory(name)
    if (stored === undefined) return
    if (task.outBytes !== stored.out || task.errBytes !== stored.err) {
      const { outBytes, errBytes } = task
      this.fail(
        `${name}: offsets ${outBytes}, ${errBytes}, but ${stored.out}, ${stored.err} stored`,
      )
    }
    if (!isFinal(task.state)) return
    if (task.state === 'failed' && (directory?.starts ?? 0) > 0) {
      this.fail(`${name} is told as failed, and was started`)
    }
    if (task.state !== 'ended') return
    const { out, err } = directory?.files ?? {}
    const hasEnded = typeof directory?.exit === 'number'
    if (!hasEnded || stored.out !== out?.length || stored.err !== err?.length) {
      this.fail(`${name} is told as ended before its last byte is stored`)
    }
  }

  #directory(name: string): SimulatedSpool | undefined {
    return this.#directoryOf(name, this.#hosts.get(name) ?? '')
  }
}

const historyMax = 200

/** Why a task may have failed without having been started. */
const excuses: readonly string[] = ['server-stopped', 'stopped-before-start', 'connection-timeout']

function nameOf(run: RunId, task: number): string {
  return `${run}.${task}`
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

function quoted(value: string): string {
  return JSON.stringify(value.length > 120 ? `${value.slice(0, 120)}…` : value)
}
