/**
 * Sessions over the control socket of an ssh that holds a connection, in its proxy mode: after a
 * greeting the socket carries the messages of the SSH connection protocol in clear (PROTOCOL.mux,
 * section 9, since OpenSSH 7.4). ssh gives the channels numbers of their own, so that nothing here
 * meets those of others.
 *
 * One socket serves all sessions and stays open for as long as the connection: ssh cannot bear the
 * end of a socket whose session the host has not answered yet, or has refused.
 */
import { createConnection, type Socket } from 'node:net'
import { limits } from '../../shared/limits.ts'
import { PacketReader } from './packet-reader.ts'
import { SessionChannel, type SessionRequest } from './session-channel.ts'
import { readMessage } from './ssh-messages.ts'

/** Resolves once sessions can be opened; rejects when ssh does not answer as it should. */
export function openProxyConnection(
  socketPath: string,
  signal: AbortSignal,
): Promise<ProxyConnection> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path: socketPath })
    const giveUp = () => socket.destroy(toError(signal.reason))
    const connection: ProxyConnection = new ProxyConnection(socket, () => {
      signal.removeEventListener('abort', giveUp)
      resolve(connection)
    })
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    void connection.ended.then((why) => {
      signal.removeEventListener('abort', giveUp)
      reject(why)
    })
  })
}

export class ProxyConnection {
  /** Resolves with the reason when the socket has ended, and every session with it. */
  readonly ended: Promise<Error>
  readonly #socket: Socket
  readonly #sessions = new Map<number, SessionChannel>()
  readonly #ready: () => void
  readonly #reader = new PacketReader(limits.controlPacketBytesMax)
  #stage: 'hello' | 'answer' | 'proxy' = 'hello'
  #nextId = 0

  constructor(socket: Socket, ready: () => void) {
    this.#socket = socket
    this.#ready = ready
    this.ended = new Promise((resolve) => {
      let why = new Error('ssh has closed its control socket.')
      socket.on('error', (error) => {
        why = error
      })
      socket.once('close', () => {
        for (const session of this.#sessions.values()) session.lose()
        this.#sessions.clear()
        resolve(why)
      })
    })
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readable
  }

  /** Its end is told by the session. */
  open(request: SessionRequest): SessionChannel {
    const id = this.#nextId
    this.#nextId = (this.#nextId + 1) % idsMax
    const session = new SessionChannel(id, request, (packet) => void this.#socket.write(packet))
    this.#sessions.set(id, session)
    void session.ended.then(() => this.#sessions.delete(id))
    if (!this.isOpen) session.lose()
    return session
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    // What a session answers goes out in one piece.
    this.#socket.cork()
    try {
      for (const packet of this.#reader.push(bytes)) this.#packet(packet)
    } catch (thrown) {
      this.#socket.destroy(toError(thrown))
    } finally {
      this.#socket.uncork()
    }
  }

  #packet(packet: Buffer): void {
    if (this.#stage !== 'proxy') return this.#greet(packet)
    const message = readMessage(packet)
    if (message !== null) this.#sessions.get(message.recipient)?.receive(message)
  }

  #greet(packet: Buffer): void {
    const type = packet.readUInt32BE(0)
    const value = packet.readUInt32BE(4)
    if (this.#stage === 'hello') {
      if (type !== mux.hello || value !== mux.version) {
        throw new RangeError(`ssh speaks version ${value} on its control socket.`)
      }
      this.#stage = 'answer'
      this.#socket.write(Buffer.concat([words(mux.hello, mux.version), words(mux.proxy, 0)]))
    } else {
      if (type !== mux.proxyAnswer) throw new RangeError('ssh has no proxy mode.')
      this.#stage = 'proxy'
      this.#ready()
    }
  }
}

/** PROTOCOL.mux, sections 1 and 9. */
const mux = { hello: 0x00000001, version: 4, proxy: 0x1000000f, proxyAnswer: 0x8000000f } as const

/** Far from any limit of the protocol; long before it comes round, the first session has ended. */
const idsMax = 2 ** 30

function words(...values: readonly number[]): Buffer {
  const packet = Buffer.alloc(4 * (values.length + 1))
  packet.writeUInt32BE(4 * values.length)
  for (const [at, value] of values.entries()) packet.writeUInt32BE(value, 4 * (at + 1))
  return packet
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
