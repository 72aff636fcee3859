/** A viewer behind a bad network: the real encoder, parser and client, with bytes that get cut anywhere. */
import { parseStreamEvent } from '../../src/client/event-parser.ts'
import {
  type FollowInput,
  type FollowState,
  follow,
  startFollowing,
} from '../../src/client/follow-state.ts'
import { createSseParser, type SseMessage, type SseParser } from '../../src/client/sse-parser.ts'
import { pageFormat } from '../../src/http/sse/page-format.ts'
import { hello } from '../../src/http/sse/stream-format.ts'
import { toAppError } from '../../src/shared/errors.ts'
import type { LinesEvent } from '../../src/shared/protocol/events.ts'
import type { RunId } from '../../src/shared/run.ts'
import type { SimulatedServer } from './simulated-server.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Watch } from './watch.ts'

export interface ViewerParts {
  readonly time: SimulatedTime
  readonly watch: Watch
  /** The server that answers now, if one does. */
  readonly server: () => SimulatedServer | undefined
  readonly run: RunId
  /** The cursor with which it asks again; a planted bug gives another one. */
  readonly resumeAt?: (cursor: number) => number
}

export class SimulatedViewer {
  readonly #parts: ViewerParts
  #state: FollowState = startFollowing(0)
  #connection: Connection | undefined
  #next = 0
  isDone = false
  cuts = 0

  constructor(parts: ViewerParts) {
    this.#parts = parts
    this.#connect()
  }

  get run(): RunId {
    return this.#parts.run
  }

  /** The connection breaks. The server notices later. */
  cut(): void {
    if (this.#connection === undefined) return
    this.cuts += 1
    this.#connection.close()
    this.#broken(this.#connection)
  }

  #connect(): void {
    const { time, server } = this.#parts
    const { cursor } = this.#state
    const now = server()
    if (now === undefined)
      return this.#take({ kind: 'broken', livedMs: 0, random: time.random.next() })
    const connection = new Connection(this.#parts, now, cursor)
    this.#connection = connection
    connection.onInput = (input) => {
      if (this.#connection === connection) this.#take(input)
    }
    connection.onEnd = () => this.#broken(connection)
  }

  #broken(connection: Connection): void {
    if (this.#connection !== connection) return
    const { time, resumeAt } = this.#parts
    const livedMs = time.now - connection.openedAt
    const cursor = resumeAt?.(this.#state.cursor) ?? this.#state.cursor
    this.#state = { ...this.#state, cursor }
    this.#take({ kind: 'broken', livedMs, random: time.random.next() })
  }

  #take(input: FollowInput): void {
    const { state, deliver, next } = follow(this.#state, input)
    this.#state = state
    for (const event of deliver) {
      if (event.kind === 'lines') this.#show(event)
      if (event.kind === 'end') this.#parts.watch.toldEnd(this.run, event.next)
      if (event.kind === 'reset') this.#parts.watch.fail(`run ${this.run}: a reset nobody needs`)
    }
    if (next.kind === 'read') return
    this.#connection?.close()
    this.#connection = undefined
    if (next.kind === 'done') this.isDone = true
    else if (next.kind === 'fail')
      this.#parts.watch.fail(`a viewer gives up: ${next.error.message}`)
    else this.#parts.time.after(next.ms, () => this.#connect())
  }

  #show(event: LinesEvent): void {
    if (event.pos !== this.#next) {
      this.#parts.watch.fail(`a viewer of ${this.run} is at ${this.#next} and gets ${event.pos}`)
    }
    let { pos } = event
    for (const group of event.groups) {
      for (const text of group.lines) this.#parts.watch.shown(this.run, pos++, text)
    }
    this.#next = event.next
  }
}

/** One request and its answer. */
class Connection {
  readonly openedAt: number
  readonly #parts: ViewerParts
  readonly #server: SimulatedServer
  readonly #parser: SseParser = createSseParser()
  readonly #gone = new AbortController()
  #inFlight: Buffer = Buffer.alloc(0)
  #isCarrying = false
  #isClosed = false
  #isServed = false
  #drained: (() => void) | undefined
  onInput: (input: FollowInput) => void = () => undefined
  onEnd: () => void = () => undefined

  constructor(parts: ViewerParts, server: SimulatedServer, cursor: number) {
    this.#parts = parts
    this.#server = server
    this.openedAt = parts.time.now
    server.viewers.add(this)
    parts.time.after(parts.time.between(1, 40), () => {
      server.process.happen(() => void this.#serve(cursor))
    })
  }

  /** The process at the other end is gone. */
  lose(): void {
    if (this.#isClosed) return
    this.close()
    this.onEnd()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#server.viewers.delete(this)
    this.#server.process.after(this.#parts.time.between(0.5, 3_000), () => {
      this.#gone.abort()
      this.#drained?.()
    })
  }

  async #serve(cursor: number): Promise<void> {
    this.#write(hello.plain)
    try {
      for await (const item of this.#server.service.follow(
        this.#parts.run,
        cursor,
        this.#gone.signal,
      )) {
        const block = pageFormat.encode(item)
        if (block !== null) this.#write(block.plain)
        while (this.#inFlight.length > socketBytes && !this.#gone.signal.aborted) {
          await new Promise<void>((resolve) => {
            this.#drained = resolve
          })
        }
      }
    } catch (thrown) {
      const { code } = toAppError(thrown)
      if (!passing.includes(code)) this.#parts.watch.fail(`a stream broke off: ${String(thrown)}`)
    }
    this.#isServed = true
    this.#carry()
  }

  #write(bytes: Buffer): void {
    this.#inFlight = Buffer.concat([this.#inFlight, bytes])
    this.#carry()
  }

  #carry(): void {
    const { time } = this.#parts
    if (this.#isCarrying || this.#isClosed) return
    this.#isCarrying = true
    time.after(time.between(0.2, time.random.pick([3, 30, 400])), () => {
      this.#isCarrying = false
      if (this.#isClosed) return
      if (this.#inFlight.length === 0) {
        if (this.#isServed) this.lose()
        return
      }
      const size = time.random.between(1, time.random.pick([40, 4_000, 40_000]))
      const bytes = this.#inFlight.subarray(0, size)
      this.#inFlight = this.#inFlight.subarray(size)
      this.#server.process.happen(() => this.#drained?.())
      for (const message of this.#parser.push(bytes)) this.#message(message)
      this.#carry()
    })
  }

  #message(message: SseMessage): void {
    if (this.#isClosed) return
    if (message.kind === 'retry') return this.onInput(message)
    const event = parseStreamEvent(message.event, message.data)
    if (event !== undefined) this.onInput({ kind: 'event', event })
  }
}

/** What the store may say in bad times; the viewer comes again. */
const passing: readonly string[] = ['store-failed', 'store-busy', 'disk-full']
/** What a socket takes before its writer must wait. */
const socketBytes = 6_000
