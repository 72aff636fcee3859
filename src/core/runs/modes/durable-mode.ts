/** Mode `durable`: the command outlives its session; its output lies on the host and is read from any byte on. */
import type { SourceChannel } from '../../../shared/channel.ts'
import { toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import { cannotReasons } from '../../remote/durable-probe.ts'
import { durableScript } from '../../remote/durable-script.ts'
import { type Mark, type MarkedPiece, MarkerParser } from '../../remote/marker-parser.ts'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { durableRemoveScript, durableStopScript } from '../../remote/stop-script.ts'
import { decodeCommand, endOf } from '../command-progress.ts'
import {
  changedReason,
  cutReason,
  exitUnknown,
  fullNote,
  goneReason,
  heldNote,
  leftNote,
  neverStarted,
  rebooted,
  startUnknown,
} from './durable-words.ts'
import { cutError, ForeignWords, notStartedError } from './foreign-words.ts'
import type {
  EndLeftover,
  Held,
  ReadPoint,
  RunMode,
  RunningSource,
  SourceEvent,
  StopProof,
} from './run-mode.ts'
import { stopGroup } from './stop-group.ts'

/** The mode of one task. */
export function durableMode(
  command: string,
  spoolBytesMax: number = limits.spoolBytesMax,
): RunMode {
  const begin = { task: { outBytes: 0, errBytes: 0, startedAt: null } }
  // A dead network may deliver another start when the task has long ended. Only who has sent the one
  // start that there is knows that none is on its way: of a process before, nobody knows.
  let starts = 0
  const isShut = () => starts !== 1
  return {
    start: (host, held) => {
      starts += 1
      return open(host, held, { command, at: begin, spoolBytesMax, isShut })
    },
    resume: (host, held, at) => open(host, held, { command: null, at, spoolBytesMax, isShut }),
  }
}

interface Reading {
  /** Null: only a command that was started before is read. */
  readonly command: string | null
  readonly at: ReadPoint
  readonly spoolBytesMax: number
  /** Whether another start of the task may still be on its way. */
  readonly isShut: () => boolean
}

async function open(host: RemoteHost, held: Held, reading: Reading): Promise<RunningSource> {
  const { outBytes, errBytes, startedAt } = reading.at.task
  const { command, spoolBytesMax } = reading
  const progress = decodeCommand(reading.at.progress)
  const [outEnd, errEnd] = [endOf(progress, 'out'), endOf(progress, 'err')]
  const known = {
    isStarted: startedAt !== null,
    outBytes,
    errBytes,
    ...(outEnd === undefined ? {} : { outEnd }),
    ...(errEnd === undefined ? {} : { errEnd }),
  }
  const { durableAt } = host.findings
  const isFit = durableAt !== undefined && held.clock.elapsed() - durableAt < limits.durableFitMs
  const script = durableScript({ ...held, ...known, command, spoolBytesMax, isFit })
  const channel = await host.open({ script, tty: false })
  return new DurableRun({ host, held, channel, reading, isFit })
}

interface DurableParts {
  readonly host: RemoteHost
  readonly held: Held
  readonly channel: RemoteChannel
  readonly reading: Reading
  /** The host was not asked whether it can hold a durable run. */
  readonly isFit: boolean
}

/** How the command ended. */
interface Ending {
  /** Null when nobody knows the exit code. */
  readonly code: number | null
  /** How many bytes there are in all; null where a mark stands behind the last one of each channel. */
  readonly sizes: Readonly<Record<SourceChannel, number>> | null
}

class DurableRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #parts: DurableParts
  readonly #output: AsyncIterator<ChannelBytes>
  readonly #words = new ForeignWords()
  readonly #parsers: Readonly<Record<SourceChannel, MarkerParser>>
  /** Whether the mark has come that the bytes of stdout follow. */
  #hasBegun = false
  /** Bytes of each file that are known, from its start. */
  readonly #have: Record<SourceChannel, number>
  /** stdout may overtake the first mark, which comes on stderr. */
  #early: ChannelBytes[] = []
  /** What was done to the files while nobody read them: told once the command is known to run. */
  #earlyMarks: Mark[] = []
  #isStarted = false
  #isRebooted = false
  #ending: Ending | null = null
  /** The mark has come that stands behind the last byte of stdout. */
  #isOutWhole = false
  #stop: Promise<StopProof> | null = null
  /** Takes back what is still to be told to the host. */
  #forget = () => {}

  constructor(parts: DurableParts) {
    this.#parts = parts
    this.#output = parts.channel.output[Symbol.asyncIterator]()
    const { nonce } = parts.held
    this.#parsers = { out: new MarkerParser(nonce), err: new MarkerParser(nonce) }
    const { outBytes, errBytes } = parts.reading.at.task
    this.#have = { out: outBytes, err: errBytes }
    this.events = this.#events()
  }

  /** The group is on the host, so this works whether or not the session still does. */
  stop(graceMs: number): Promise<StopProof> {
    const { host, held } = this.#parts
    const { name, nonce, clock } = held
    const script = durableStopScript({ name, nonce, graceMs })
    this.#stop ??= stopGroup(host, { script, nonce, graceMs, clock })
    return this.#stop
  }

  kept({ outBytes, errBytes }: ReadPoint['task']): void {
    this.#parts.channel.send(`kept ${outBytes} ${errBytes}\n`)
  }

  async release(): Promise<boolean> {
    const { channel, held, reading } = this.#parts
    channel.send(reading.isShut() ? 'done shut\n' : 'done\n')
    const over = new AbortController()
    const silence = held.clock.sleep(limits.releaseMs, over.signal).then(() => false)
    const isRemoved = await Promise.race([this.#heardRemoved(), silence])
    over.abort()
    return isRemoved
  }

  async #heardRemoved(): Promise<boolean> {
    try {
      for (;;) {
        const { done, value } = await this.#output.next()
        if (done === true) return false
        const pieces = value.channel === 'err' ? this.#parsers.err.push(value.bytes) : []
        if (pieces.some((piece) => piece.kind === 'mark' && piece.mark.word === 'removed')) {
          return true
        }
      }
    } catch {
      return false
    }
  }

  leftover(): EndLeftover {
    const { held, reading } = this.#parts
    const { name, nonce, clock } = held
    const script = durableRemoveScript({ name, nonce, isShut: reading.isShut() })
    return (host) => stopGroup(host, { script, nonce, graceMs: 0, clock })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.channel.end()
    await this.#parts.channel[Symbol.asyncDispose]()
  }

  async *#events(): AsyncGenerator<SourceEvent> {
    try {
      yield* this.#untilEnd()
    } finally {
      this.#forget()
    }
  }

  async *#untilEnd(): AsyncGenerator<SourceEvent> {
    try {
      for (
        let next = await this.#output.next();
        next.done !== true;
        next = await this.#output.next()
      ) {
        const isOver = yield* this.#takeAll(next.value)
        if (isOver) return
        if (!this.#isStarted && this.#words.tooMany) break
        const end = this.#end()
        if (end !== null) return yield* end
      }
    } catch (thrown) {
      yield { kind: 'cut', error: toAppError(thrown) }
      return
    }
    yield this.#mayRun
      ? { kind: 'cut', error: cutError(this.#words) }
      : { kind: 'failed', error: notStartedError(this.#words) }
  }

  /** The session is over, and the command may be there: only the next session can tell. */
  get #mayRun(): boolean {
    if (this.#isStarted || this.#hasBegun || this.#words.isCut) return true
    // What a login shell says of itself explains no end that nobody has seen.
    const { status } = this.#parts.channel
    return status === null && !this.#words.isRefusal && !this.#words.tooMany
  }

  /** True after the last event. */
  *#takeAll(piece: ChannelBytes): Generator<SourceEvent, boolean> {
    for (const event of this.#take(piece)) {
      yield event
      if (isLast(event)) return true
    }
    return false
  }

  *#take({ channel, bytes }: ChannelBytes): Generator<SourceEvent> {
    const pieces = this.#parsers[channel].push(bytes)
    yield* channel === 'out' ? this.#out(pieces) : this.#err(pieces)
  }

  /** A login shell that prints something would move every offset. */
  *#out(pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
    for (const piece of pieces) {
      if (piece.kind === 'bytes') {
        if (this.#hasBegun) yield* this.#bytes('out', piece.bytes)
        else this.#words.add(piece.bytes)
      } else if (piece.mark.word === 'begin') this.#hasBegun = true
      else if (piece.mark.word === 'end') this.#isOutWhole = true
    }
  }

  *#err(pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
    for (const piece of pieces) {
      const isEarly = piece.kind === 'mark' && !this.#isStarted && ofFiles.includes(piece.mark.word)
      if (isEarly) this.#earlyMarks.push(piece.mark)
      else if (piece.kind === 'mark') yield* this.#mark(piece.mark)
      else if (this.#isStarted) yield* this.#bytes('err', piece.bytes)
      else this.#words.add(piece.bytes)
    }
  }

  *#bytes(channel: SourceChannel, bytes: Uint8Array): Generator<SourceEvent> {
    if (!this.#isStarted) {
      this.#early.push({ channel, bytes })
      return
    }
    this.#have[channel] += bytes.length
    yield { kind: 'bytes', channel, bytes }
  }

  *#mark({ word, numbers }: Mark): Generator<SourceEvent> {
    const [first = 0, second = 0, third = 0] = numbers
    switch (word) {
      case 'pid':
        yield* this.#started(first)
        return
      case 'rebooted':
        this.#isRebooted = true
        return
      case 'exit':
        this.#ending = { code: first, sizes: { out: second, err: third } }
        yield { kind: 'exited', code: first }
        return
      case 'whole':
        this.#ending = { code: first, sizes: null }
        yield { kind: 'exited', code: first }
        return
      case 'lost':
        this.#ending = { code: null, sizes: { out: first, err: second } }
        return
      default:
        yield* noted(word, numbers)
        yield* this.#fileMark(word, first === 1 ? 'out' : 'err', second)
        yield* this.#refused(word, first)
    }
  }

  /** The command does not run, or nobody can tell. */
  *#refused(word: string, reason: number): Generator<SourceEvent> {
    switch (word) {
      case 'cannot':
        this.#parts.host.findings.durableAt = undefined
        yield { kind: 'unsupported', why: cannotReasons[reason] ?? `reason ${reason}` }
        return
      case 'never':
        yield { kind: 'failed', error: neverStarted() }
        return
      case 'unknown':
        yield { kind: 'lost', error: startUnknown() }
        return
      case 'gone':
        yield { kind: 'gap', channel: 'out', from: this.#have.out, to: null, reason: goneReason }
        yield { kind: 'lost', error: exitUnknown('its files on the host are gone') }
    }
  }

  *#started(pid: number): Generator<SourceEvent> {
    if (this.#isStarted) return
    this.#isStarted = true
    const { host, held, reading, isFit } = this.#parts
    if (reading.command !== null && !isFit) host.findings.durableAt = held.clock.elapsed()
    this.#tellLater()
    const known = this.#parts.reading.at.task.startedAt !== null
    yield known ? { kind: 'resumed' } : { kind: 'started', pid }
    this.#words.clear()
    for (const mark of this.#earlyMarks.splice(0)) yield* this.#mark(mark)
    const early = this.#early
    this.#early = []
    for (const { channel, bytes } of early) yield* this.#bytes(channel, bytes)
  }

  /** What a command that has ended by then does not need. */
  #tellLater(): void {
    const { channel, held } = this.#parts
    const later = [
      held.clock.after(limits.shortCommandMs, () => channel.send('go\n')),
      held.clock.after(limits.spoolCheckMs, () => channel.send('watch\n')),
    ]
    this.#forget = () => {
      for (const cancel of later) cancel()
    }
  }

  /** The file on the host is shorter than what we have of it: somebody has cut it. */
  *#cutFile(channel: SourceChannel, size: number): Generator<SourceEvent> {
    yield { kind: 'gap', channel, from: size, to: null, reason: cutReason }
    this.#have[channel] = size
  }

  /** `changed`: it was cut, and has grown over what we have again; how much of that is new, nobody knows. */
  *#fileMark(word: string, channel: SourceChannel, size: number): Generator<SourceEvent> {
    if (word === 'cut') yield* this.#cutFile(channel, size)
    if (word !== 'changed') return
    yield { kind: 'gap', channel, from: null, to: this.#have[channel], reason: changedReason }
  }

  /** The last events, once the command has ended and every byte is here. */
  #end(): Generator<SourceEvent> | null {
    const ending = this.#ending
    if (ending === null) return null
    const { sizes } = ending
    const isWhole =
      sizes === null ? this.#isOutWhole : channels.every((name) => this.#seen(name) >= sizes[name])
    return isWhole ? this.#last(ending) : null
  }

  /** What looks like the beginning of a mark may be the end of the command's output. */
  #seen(channel: SourceChannel): number {
    return this.#have[channel] + this.#parsers[channel].heldBytes
  }

  *#last({ code, sizes }: Ending): Generator<SourceEvent> {
    yield* this.#out(this.#parsers.out.end())
    yield* this.#err(this.#parsers.err.end())
    for (const channel of channels) {
      if (sizes !== null && this.#have[channel] > sizes[channel])
        yield* this.#cutFile(channel, sizes[channel])
    }
    if (code !== null) yield { kind: 'finished' }
    else if (this.#isRebooted) yield { kind: 'lost', error: rebooted() }
    else yield { kind: 'lost', error: exitUnknown('its processes are gone') }
  }
}

const channels = ['out', 'err'] as const

/** Marks that are only passed on. */
function* noted(word: string, numbers: readonly number[]): Generator<SourceEvent> {
  if (word === 'left') yield { kind: 'note', text: leftNote(numbers) }
  if (word === 'held') yield { kind: 'note', text: heldNote }
  if (word === 'full') yield { kind: 'note', text: fullNote }
}

/** Marks of what happened to the files. */
const ofFiles = ['cut', 'changed', 'held']

function isLast({ kind }: SourceEvent): boolean {
  return kind === 'unsupported' || kind === 'failed' || kind === 'lost'
}
