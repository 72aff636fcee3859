/** How the journal of a unit is followed: one session, resumed after the last entry that is stored. */
import { AppError, toAppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'
import { parseJournalEntry } from '../../journal/journal-entry.ts'
import {
  decodeJournalProgress,
  encodeJournalProgress,
  type JournalProgress,
} from '../../journal/journal-progress.ts'
import { joinBytes } from '../../lines/join-bytes.ts'
import { LineSplitter } from '../../lines/line-splitter.ts'
import { type JournalStart, journalScript } from '../../remote/journal-script.ts'
import { type Mark, MarkerParser } from '../../remote/marker-parser.ts'
import type { ChannelBytes, RemoteChannel, RemoteHost } from '../../remote/remote-host.ts'
import { endSession, SessionEnd } from './end-session.ts'
import { cutError, ForeignWords, notStartedError } from './foreign-words.ts'
import type { Held, ReadPoint, RunMode, RunningSource, SourceEvent, StopProof } from './run-mode.ts'

export interface FollowedUnit {
  readonly unit: string
  readonly lines?: number
}

export function journalMode(source: FollowedUnit): RunMode {
  return {
    start: (host, held) => open(host, held, { source }),
    resume: (host, held, at) => open(host, held, { source, at }),
  }
}

interface Following {
  readonly source: FollowedUnit
  readonly at?: ReadPoint
}

async function open(host: RemoteHost, held: Held, following: Following): Promise<RunningSource> {
  const { source, at } = following
  const progress = at?.progress === undefined ? undefined : decodeJournalProgress(at.progress)
  const from = startOf(progress, source.lines ?? limits.followedLinesDefault)
  const script = journalScript({ nonce: held.nonce, unit: source.unit, from })
  return new JournalRun(held, await host.open({ script, tty: false }), {
    last: from.kind === 'cursor' ? from.cursor : null,
    hasProgress: progress !== undefined,
    wasStarted: (at?.task.startedAt ?? null) !== null,
  })
}

function startOf(progress: JournalProgress | undefined, lines: number): JournalStart {
  if (progress === undefined) return { kind: 'lines', lines }
  return 'cursor' in progress
    ? { kind: 'cursor', cursor: progress.cursor }
    : { kind: 'since', seconds: progress.since }
}

interface Known {
  /** Cursor of the entry that comes once more. */
  readonly last: string | null
  readonly hasProgress: boolean
  readonly wasStarted: boolean
}

class JournalRun implements RunningSource {
  readonly events: AsyncIterable<SourceEvent>
  readonly #held: Held
  readonly #channel: RemoteChannel
  readonly #known: Known
  readonly #words = new ForeignWords()
  readonly #end = new SessionEnd()
  readonly #lines = new LineSplitter()
  #segments: Uint8Array[] = []
  #segmentBytes = 0
  #expected: string | null
  #isReady = false
  #isRefused = false
  #failure: AppError | null = null
  #stop: Promise<StopProof> | null = null

  constructor(held: Held, channel: RemoteChannel, known: Known) {
    this.#held = held
    this.#channel = channel
    this.#known = known
    this.#expected = known.last
    this.events = this.#events()
  }

  stop(): Promise<StopProof> {
    this.#stop ??= endSession(this.#channel, this.#end, this.#held.clock)
    return this.#stop
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel.end()
    await this.#channel[Symbol.asyncDispose]()
  }

  async *#events(): AsyncGenerator<SourceEvent> {
    const parser = new MarkerParser(this.#held.nonce)
    let error: AppError | null = null
    try {
      for await (const piece of this.#channel.output) yield* this.#take(piece, parser)
    } catch (thrown) {
      error = toAppError(thrown)
    } finally {
      this.#end.over()
    }
    yield this.#last(error)
  }

  *#take({ channel, bytes }: ChannelBytes, parser: MarkerParser): Generator<SourceEvent> {
    if (channel === 'err') {
      this.#words.add(bytes)
      yield* this.#refusal()
      return
    }
    for (const piece of parser.push(bytes)) {
      if (piece.kind === 'mark') yield* this.#mark(piece.mark)
      else if (this.#isReady) yield* this.#json(piece.bytes)
      else this.#words.add(piece.bytes)
    }
  }

  /** Who may not read all of the journal would else wait for ever for entries that are there. */
  *#refusal(): Generator<SourceEvent> {
    if (this.#isRefused || this.#known.wasStarted || !isPartOnly(this.#words.text())) return
    this.#isRefused = true
    yield { kind: 'note', text: ownOnlyNote }
  }

  *#mark({ word, numbers: [first = 0] }: Mark): Generator<SourceEvent> {
    if (word === 'missing') this.#failure = noJournal('it has no journalctl.')
    if (word === 'exit') {
      const said = this.#words.text()
      const why = `journalctl ended with status ${first}${said && `: "${said}"`}`
      this.#failure = noJournal(isPartOnly(said) ? `${why}. ${advice}` : `${why}.`)
    }
    if (word !== 'ready' || this.#isReady) return
    this.#isReady = true
    if (!this.#known.hasProgress) {
      const progress = encodeJournalProgress({ since: first })
      yield { kind: 'entries', channel: 'out', bytes: new Uint8Array(0), progress }
    }
    yield this.#known.wasStarted ? { kind: 'resumed' } : { kind: 'started', pid: 0 }
  }

  /** Whole entries, joined into one event as long as they came together. */
  *#json(bytes: Uint8Array): Generator<SourceEvent> {
    const entries: Uint8Array[] = []
    let cursor: string | null = null
    for (const line of this.#wholeLines(bytes)) {
      const entry = parseJournalEntry(line)
      if (entry === null) continue
      if (this.#expected !== null) {
        const isOurs = entry.cursor === this.#expected
        this.#expected = null
        if (isOurs) continue
        yield { kind: 'note', text: removedNote }
      }
      entries.push(entry.bytes)
      cursor = entry.cursor
    }
    if (cursor === null) return
    const progress = encodeJournalProgress({ cursor })
    yield { kind: 'entries', channel: 'out', bytes: joinBytes(entries), progress }
  }

  *#wholeLines(bytes: Uint8Array): Generator<Uint8Array> {
    for (const slab of this.#lines.push(bytes)) {
      if (slab.end === 'continued') {
        this.#segmentBytes += slab.bytes.length
        if (this.#segmentBytes <= entryBytesMax) this.#segments.push(slab.bytes.slice())
        continue
      }
      yield* splitLines(joinBytes([...this.#segments, slab.bytes]))
      this.#segments = []
      this.#segmentBytes = 0
    }
  }

  #last(error: AppError | null): SourceEvent {
    if (this.#stop !== null) return { kind: 'finished' }
    if (this.#failure !== null) {
      return { kind: this.#known.wasStarted ? 'lost' : 'failed', error: this.#failure }
    }
    if (error === null && !this.#isReady && !this.#words.isCut) {
      return { kind: 'failed', error: notStartedError(this.#words) }
    }
    return { kind: 'cut', error: error ?? cutError(this.#words) }
  }
}

const removedNote =
  'gap: the journal no longer has the entry that was read last: what came after it may have been removed too'

const advice = 'Add it to the group "systemd-journal" or "adm", and sign in anew.'
const ownOnlyNote = `unreadable: of the journal this user may read only the entries of its own. ${advice}`

/** journalctl speaks English here. */
function isPartOnly(said: string): boolean {
  return /not seeing messages from|insufficient permissions/i.test(said)
}

/** An entry of JSON that is larger is no entry any more: its text is cut, so it is left out. */
const entryBytesMax = 16 * 1024 * 1024
const newline = 10

function noJournal(why: string): AppError {
  return new AppError('start-failed', `The journal of the host cannot be followed: ${why}`, {
    hint: 'Try "journalctl -f" on the host, as the same user.',
  })
}

function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(newline, at)
    const end = found < 0 ? bytes.length : found
    yield bytes.subarray(at, end)
    at = end + 1
  }
}
