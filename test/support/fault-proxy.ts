/** A TCP proxy that spoils what it carries, for ssh and for HTTP: cuts, black holes, delays, pieces, slow links. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

/** What happens to the bytes of each direction. Without a field nothing of that kind does. */
export interface LinkRules {
  readonly delayMs?: number
  /** Up to this much is added to the delay; the order is kept. */
  readonly jitterMs?: number
  /** Bytes are passed on in pieces of at most this size, each a write of its own. */
  readonly pieceBytesMax?: number
  readonly bytesPerSecond?: number
  /** The connection is reset once this many bytes have gone from the target to the client. */
  readonly cutAfterBytes?: number
}

export interface FaultProxy extends AsyncDisposable {
  readonly port: number
  /** Connections taken so far, and those that are open. */
  readonly accepted: number
  readonly open: number
  /** Rules for what is open and what comes. */
  setRules(rules: LinkRules): void
  /** Resets every open connection on both sides; gives their number. */
  reset(): number
  /** Ends every open connection in good order, on both sides. */
  close(): number
  /** Nothing passes either way, not even an end; connections are taken and stay silent. */
  startBlackHole(): void
  /** What waited passes now. */
  endBlackHole(): void
  /** New connections are reset at once. */
  setRefusing(refusing: boolean): void
}

export interface FaultProxyOptions {
  readonly targetPort: number
  readonly targetHost?: string
  readonly rules?: LinkRules
  /** For the jitter. */
  readonly seed?: number
}

/** Listens on a free loopback port and passes on to the target. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  // Half-open is passed on as it is: the proxy decides nothing by itself.
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return new RunningProxy(server, options)
}

/** The widest that one direction holds back; over it the sender is paused, as by a full socket. */
const laneBytesMax = 256 * 1024
const debtMsMin = 5

class RunningProxy implements FaultProxy {
  accepted = 0
  readonly #server: Server
  readonly #options: FaultProxyOptions
  readonly #random: SeededRandom
  readonly #links = new Set<Link>()
  #rules: LinkRules
  #passage: Gate = openGate()
  #refusing = false

  constructor(server: Server, options: FaultProxyOptions) {
    this.#server = server
    this.#options = options
    this.#rules = options.rules ?? {}
    this.#random = seededRandom(options.seed ?? 1)
    server.on('connection', (client) => this.#take(client))
  }

  get port(): number {
    // A listening TCP server has an address with a port.
    return (this.#server.address() as AddressInfo).port
  }

  get open(): number {
    return this.#links.size
  }

  setRules(rules: LinkRules): void {
    this.#rules = rules
  }

  reset(): number {
    const links = [...this.#links]
    for (const link of links) link.reset()
    return links.length
  }

  close(): number {
    const links = [...this.#links]
    for (const link of links) link.end()
    return links.length
  }

  startBlackHole(): void {
    if (this.#passage.isOpen) this.#passage = closedGate()
  }

  endBlackHole(): void {
    this.#passage.open()
  }

  setRefusing(refusing: boolean): void {
    this.#refusing = refusing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.endBlackHole()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.reset()
    await closed
  }

  #take(client: Socket): void {
    this.accepted += 1
    client.on('error', () => {})
    if (this.#refusing) {
      client.resetAndDestroy()
      return
    }
    const { targetHost = '127.0.0.1', targetPort } = this.#options
    const target = connect({ host: targetHost, port: targetPort, allowHalfOpen: true })
    target.setNoDelay(true)
    const link = new Link(client, target, {
      rules: () => this.#rules,
      passage: () => this.#passage.passed,
      random: this.#random,
    })
    this.#links.add(link)
    void link.over.then(() => this.#links.delete(link))
  }
}

interface LinkConditions {
  readonly rules: () => LinkRules
  /** Resolves when bytes may pass. */
  readonly passage: () => Promise<void>
  readonly random: SeededRandom
}

/** One connection through the proxy: two sockets and a lane for each direction. */
class Link {
  readonly over: Promise<unknown>
  readonly #client: Socket
  readonly #target: Socket
  readonly #conditions: LinkConditions
  #answered = 0

  constructor(client: Socket, target: Socket, conditions: LinkConditions) {
    this.#client = client
    this.#target = target
    this.#conditions = conditions
    target.on('error', () => {})
    this.over = Promise.all([
      this.#lane(client, target, () => Number.POSITIVE_INFINITY),
      this.#lane(target, client, () => this.#bytesLeft()),
    ]).finally(() => this.#destroy())
  }

  reset(): void {
    for (const socket of [this.#client, this.#target]) {
      // A socket that is still connecting cannot be reset.
      if (socket.connecting) socket.destroy()
      else socket.resetAndDestroy()
    }
  }

  end(): void {
    this.#client.end()
    this.#target.end()
  }

  #destroy(): void {
    this.#client.destroy()
    this.#target.destroy()
  }

  /** How much may still go to the client before the cut. */
  #bytesLeft(): number {
    const { cutAfterBytes } = this.#conditions.rules()
    return cutAfterBytes === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(0, cutAfterBytes - this.#answered)
  }

  /** Moves the bytes of one direction until its source ends or either side has gone. */
  async #lane(source: Socket, sink: Socket, left: () => number): Promise<void> {
    let debtMs = 0
    try {
      for await (const { bytes, dueMs } of delayed(source, this.#conditions)) {
        const waitMs = dueMs - performance.now()
        if (waitMs > 0) await sleep(waitMs)
        await this.#conditions.passage()
        const kept = bytes.subarray(0, left())
        if (sink === this.#client) this.#answered += kept.length
        if (kept.length > 0) await write(sink, kept)
        if (left() === 0) this.reset()
        debtMs += this.#costMs(kept.length)
        // Timers are too coarse for the wait of a single small piece.
        if (debtMs < debtMsMin) continue
        await sleep(debtMs)
        debtMs = 0
      }
      await this.#conditions.passage()
      sink.end()
    } catch {
      // A reset goes through as a reset, once anything passes at all.
      await this.#conditions.passage()
      this.reset()
    }
  }

  #costMs(bytes: number): number {
    const { bytesPerSecond } = this.#conditions.rules()
    return bytesPerSecond === undefined ? 0 : (bytes / bytesPerSecond) * 1_000
  }
}

interface Piece {
  readonly bytes: Buffer
  /** When it may go on, by `performance.now()`. */
  readonly dueMs: number
}

/** The pieces of a source with the time of each; a delayed one does not hold up the next one's clock. */
async function* delayed(source: Socket, { rules, random }: LinkConditions): AsyncGenerator<Piece> {
  const queue: Piece[] = []
  const state = { waitingBytes: 0, ended: false, failed: undefined as Error | undefined }
  let wake = () => {}
  const change = (act: () => void) => {
    act()
    wake()
  }
  source.on('data', (chunk: Buffer) => {
    const { delayMs = 0, jitterMs = 0, pieceBytesMax = chunk.length } = rules()
    const earliest = queue.at(-1)?.dueMs ?? 0
    const dueMs = Math.max(earliest, performance.now() + delayMs + random.next() * jitterMs)
    for (let at = 0; at < chunk.length; at += pieceBytesMax) {
      queue.push({ bytes: chunk.subarray(at, at + pieceBytesMax), dueMs })
    }
    state.waitingBytes += chunk.length
    if (state.waitingBytes > laneBytesMax) source.pause()
    wake()
  })
  source.once('end', () => change(() => (state.ended = true)))
  source.once('error', (error: Error) => change(() => (state.failed = error)))
  source.once('close', () => change(() => (state.ended = true)))
  for (;;) {
    const piece = queue.shift()
    if (piece !== undefined) {
      state.waitingBytes -= piece.bytes.length
      if (state.waitingBytes <= laneBytesMax && source.isPaused()) source.resume()
      yield piece
    } else if (state.failed !== undefined) {
      throw state.failed
    } else if (state.ended) {
      return
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}

async function write(sink: Socket, bytes: Buffer): Promise<void> {
  if (sink.destroyed) throw new Error('The other side has gone.')
  if (sink.write(bytes)) return
  await new Promise<void>((resolve) => {
    const done = () => {
      sink.off('drain', done)
      sink.off('close', done)
      resolve()
    }
    sink.on('drain', done)
    sink.on('close', done)
  })
}

interface Gate {
  readonly isOpen: boolean
  readonly passed: Promise<void>
  open(): void
}

function openGate(): Gate {
  return { isOpen: true, passed: Promise.resolve(), open: () => {} }
}

function closedGate(): Gate {
  let isOpen = false
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = () => {
      isOpen = true
      resolve()
    }
  })
  return {
    get isOpen() {
      return isOpen
    },
    passed,
    open: () => open(),
  }
}
