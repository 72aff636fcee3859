/** Mode `durable`: the command outlives its session; its output lies on the host and is read from any byte on. */
import type { SourceChannel } from '../../../shared/channel.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import { cannotReasons, durableScript } from '../../remote/durable-script.ts'
import { type Mark, type MarkedPiece, MarkerParser } from '../../remote/marker-parser.ts'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { durableRemoveScript, durableStopScript } from '../../remote/stop-script.ts'
import { decodeCommand, endOf } from '../command-progress.ts'
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
  const script = durableScript({ ...held, ...known, command, spoolBytesMax })
  const channel = await host.open({ script, tty: false })
  return new DurableRun({ host, held, channel, reading })
}

interface DurableParts {
  readonly host: RemoteHost
  readonly held: Held
  readonly channel: RemoteChannel
  readonly reading: Reading
}

/** How the command ended, and how many bytes there are in all. */
interface Ending {
  /** Null when nobody knows the exit code. */
  readonly code: number | null
  readonly sizes: Readonly<Record<SourceChannel, number>>
}

class DurableRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #parts: DurableParts
  readonly #output: AsyncIterator<ChannelBytes>
  readonly #words = new ForeignWords()
  readonly #parser: MarkerParser
  /** Looks for the mark on stdout that the file's bytes follow; null once it has come. */
  #beginning: MarkerParser | null
  /** Bytes of each file that are known, from its start. */
  readonly #have: Record<SourceChannel, number>
  /** stdout may overtake the first mark, which comes on stderr. */
  #early: ChannelBytes[] = []
  /** What was done to the files while nobody read them: told once the command is known to run. */
  #earlyMarks: Mark[] = []
  #isStarted = false
  #isRebooted = false
  #ending: Ending | null = null
  #stop: Promise<StopProof> | null = null

  constructor(parts: DurableParts) {
    this.#parts = parts
    this.#output = parts.channel.output[Symbol.asyncIterator]()
    this.#parser = new MarkerParser(parts.held.nonce)
    this.#beginning = new MarkerParser(parts.held.nonce)
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
        const pieces = value.channel === 'err' ? this.#parser.push(value.bytes) : []
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
    if (this.#isStarted || this.#beginning === null || this.#words.isCut) return true
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
    if (channel === 'err') yield* this.#marked(this.#parser.push(bytes))
    else if (this.#beginning === null) yield* this.#bytes(channel, bytes)
    else yield* this.#begin(this.#beginning, bytes)
  }

  /** A login shell that prints something would move every offset. */
  *#begin(parser: MarkerParser, bytes: Uint8Array): Generator<SourceEvent> {
    for (const piece of parser.push(bytes)) {
      if (piece.kind === 'mark') this.#beginning = null
      else if (this.#beginning === null) yield* this.#bytes('out', piece.bytes)
      else this.#words.add(piece.bytes)
    }
    if (this.#beginning !== null) return
    for (const piece of parser.end()) {
      if (piece.kind === 'bytes') yield* this.#bytes('out', piece.bytes)
    }
  }

  *#marked(pieces: readonly MarkedPiece[]): Generator<SourceEvent> {
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
      case 'left':
        yield { kind: 'note', text: leftNote(numbers) }
        return
      case 'rebooted':
        this.#isRebooted = true
        return
      case 'held':
        yield { kind: 'note', text: heldNote }
        return
      case 'full':
        yield { kind: 'note', text: fullNote }
        return
      case 'exit':
        this.#ending = { code: first, sizes: { out: second, err: third } }
        yield { kind: 'exited', code: first }
        return
      case 'lost':
        this.#ending = { code: null, sizes: { out: first, err: second } }
        return
      default:
        yield* this.#fileMark(word, first === 1 ? 'out' : 'err', second)
        yield* this.#refused(word, first)
    }
  }

  /** The command does not run, or nobody can tell. */
  *#refused(word: string, reason: number): Generator<SourceEvent> {
    switch (word) {
      case 'cannot':
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
        yield { kind: 'lost', error: exitUnknown(`its run directory is gone`) }
    }
  }

  *#started(pid: number): Generator<SourceEvent> {
    if (this.#isStarted) return
    this.#isStarted = true
    const known = this.#parts.reading.at.task.startedAt !== null
    yield known ? { kind: 'resumed' } : { kind: 'started', pid }
    this.#words.clear()
    for (const mark of this.#earlyMarks.splice(0)) yield* this.#mark(mark)
    const early = this.#early
    this.#early = []
    for (const { channel, bytes } of early) yield* this.#bytes(channel, bytes)
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
    if (this.#have.out < sizes.out) return null
    if (this.#have.err + this.#parser.heldBytes < sizes.err) return null
    return this.#last(ending)
  }

  *#last({ code, sizes }: Ending): Generator<SourceEvent> {
    // What looked like the beginning of a mark is the end of the command's stderr.
    yield* this.#marked(this.#parser.end())
    for (const channel of ['out', 'err'] as const) {
      if (this.#have[channel] > sizes[channel]) yield* this.#cutFile(channel, sizes[channel])
    }
    if (code !== null) yield { kind: 'finished' }
    else if (this.#isRebooted) yield { kind: 'lost', error: rebooted() }
    else yield { kind: 'lost', error: exitUnknown('its processes are gone') }
  }
}

/** Marks of what happened to the files. */
const ofFiles = ['cut', 'changed', 'held']

function isLast({ kind }: SourceEvent): boolean {
  return kind === 'unsupported' || kind === 'failed' || kind === 'lost'
}

const cutReason = 'the file that holds the output on the host was cut'
const changedReason =
  'the file that holds the output on the host was cut, and has grown over this byte again'
const goneReason = 'the directory that held the output on the host is gone'

const heldNote =
  'held: the command was stopped for a while on its host, because more than 1 GiB of output waited there to be fetched'

const fullNote =
  'gap: the disk of the host was full when the command ended: some of its output may not have been written'

function leftNote(pids: readonly number[]): string {
  const processes = pids.length === 1 ? '1 process' : `${pids.length} processes`
  return `background: ${processes} of the command go on on the host (${pids.join(', ')}); what they print from now on is not read`
}

function neverStarted(): AppError {
  return new AppError(
    'server-stopped',
    'Farglass itself was stopped before the command was started on this host, so it was not started.',
  )
}

function startUnknown(): AppError {
  const seconds = limits.startAnswerMs / 1_000
  return new AppError(
    'start-unknown',
    `The start of the command was begun, but it did not show up within ${seconds} s: whether it ran is not known.`,
  )
}

function exitUnknown(why: string): AppError {
  return new AppError('exit-unknown', `Nobody knows how the command ended: ${why}.`)
}

function rebooted(): AppError {
  return new AppError('host-rebooted', 'The host was restarted while the command ran.')
}
