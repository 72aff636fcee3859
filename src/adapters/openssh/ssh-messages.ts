/** Messages of the SSH connection protocol (RFC 4254) as far as a session needs them. */

/** What comes from the host; `recipient` is the number that we have given to the channel. */
export type HostMessage =
  | {
      readonly kind: 'open-confirmation'
      readonly recipient: number
      /** The number that the host has given to it: all that we send goes to this one. */
      readonly sender: number
      /** Bytes that may be sent until the host makes room for more. */
      readonly windowBytes: number
      readonly packetBytesMax: number
    }
  | { readonly kind: 'open-failure'; readonly recipient: number; readonly reason: string }
  | { readonly kind: 'window-adjust'; readonly recipient: number; readonly bytes: number }
  | { readonly kind: 'data'; readonly recipient: number; readonly bytes: Buffer }
  | {
      readonly kind: 'extended-data'
      readonly recipient: number
      /** 1 is stderr; no other code is defined. */
      readonly code: number
      readonly bytes: Buffer
    }
  | { readonly kind: 'request'; readonly recipient: number; readonly request: HostRequest }
  | { readonly kind: 'eof' | 'close' | 'success' | 'failure'; readonly recipient: number }

export interface HostRequest {
  readonly type: string
  readonly wantsReply: boolean
  /** Of `exit-status`; null in all other requests. */
  readonly status: number | null
}

/** Null for a message that no session has to do with. Throws when the packet is cut or malformed. */
export function readMessage(packet: Buffer): HostMessage | null {
  const reader = new FieldReader(packet)
  reader.byte()
  const read = readers.get(reader.byte())
  if (read === undefined) return null
  return read(reader, reader.uint32())
}

/** Asks for a session; all later messages of the host name it by `sender`. */
export function sessionOpen(sender: number, room: Room): Buffer {
  return packet(
    numbers.open,
    string('session'),
    uint32(sender),
    uint32(room.windowBytes),
    uint32(room.packetBytesMax),
  )
}

export interface Room {
  /** Bytes that the host may send until it gets more room. */
  readonly windowBytes: number
  /** Bytes in one message of it. */
  readonly packetBytesMax: number
}

/** The host ignores variables that its AcceptEnv does not name, so nobody asks for the answer. */
export function envRequest(recipient: number, name: string, value: string): Buffer {
  return request({ recipient, type: 'env', wantsReply: false }, string(name), string(value))
}

/** A terminal without a size, as ssh asks for one when it has none itself. */
export function ptyRequest(recipient: number, terminal: string): Buffer {
  const noSize = [0, 0, 0, 0].map(uint32)
  const head = { recipient, type: 'pty-req', wantsReply: true }
  return request(head, string(terminal), ...noSize, string('\0'))
}

export function execRequest(recipient: number, command: string): Buffer {
  return request({ recipient, type: 'exec', wantsReply: true }, string(command))
}

export function data(recipient: number, bytes: Uint8Array): Buffer {
  return packet(numbers.data, uint32(recipient), uint32(bytes.length), bytes)
}

/** Makes room for so many more bytes of the host. */
export function windowAdjust(recipient: number, bytes: number): Buffer {
  return packet(numbers.windowAdjust, uint32(recipient), uint32(bytes))
}

/** No more data will follow. */
export function eof(recipient: number): Buffer {
  return packet(numbers.eof, uint32(recipient))
}

/** Nothing at all will follow. */
export function close(recipient: number): Buffer {
  return packet(numbers.close, uint32(recipient))
}

/** The answer to a request that we do not know, which to sshd is also a sign of life. */
export function requestFailure(recipient: number): Buffer {
  return packet(numbers.failure, uint32(recipient))
}

/** RFC 4250, section 4.1.2. */
const numbers = {
  open: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const

type Read = (reader: FieldReader, recipient: number) => HostMessage

const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [
    numbers.openConfirmation,
    (reader, recipient) => ({
      kind: 'open-confirmation',
      recipient,
      sender: reader.uint32(),
      windowBytes: reader.uint32(),
      packetBytesMax: reader.uint32(),
    }),
  ],
  [
    numbers.openFailure,
    (reader, recipient) => {
      const code = reader.uint32()
      const text = reader.string().toString()
      return { kind: 'open-failure', recipient, reason: text === '' ? `reason ${code}` : text }
    },
  ],
  [
    numbers.windowAdjust,
    (reader, recipient) => ({ kind: 'window-adjust', recipient, bytes: reader.uint32() }),
  ],
  [numbers.data, (reader, recipient) => ({ kind: 'data', recipient, bytes: reader.string() })],
  [
    numbers.extendedData,
    (reader, recipient) => ({
      kind: 'extended-data',
      recipient,
      code: reader.uint32(),
      bytes: reader.string(),
    }),
  ],
  [
    numbers.request,
    (reader, recipient) => {
      const type = reader.string().toString()
      const wantsReply = reader.byte() !== 0
      const status = type === 'exit-status' ? reader.uint32() : null
      return { kind: 'request', recipient, request: { type, wantsReply, status } }
    },
  ],
  ...(['eof', 'close', 'success', 'failure'] as const).map((kind): [number, Read] => [
    numbers[kind],
    (_reader, recipient) => ({ kind, recipient }),
  ]),
])

function request(head: RequestHead, ...fields: readonly Uint8Array[]): Buffer {
  const { recipient, type, wantsReply } = head
  const reply = Buffer.of(wantsReply ? 1 : 0)
  return packet(numbers.request, uint32(recipient), string(type), reply, ...fields)
}

interface RequestHead {
  readonly recipient: number
  readonly type: string
  readonly wantsReply: boolean
}

/** As the control socket carries it (PROTOCOL.mux, section 9): a length, no padding, the message. */
function packet(type: number, ...fields: readonly Uint8Array[]): Buffer {
  const bodyBytes = fields.reduce((sum, field) => sum + field.length, 2)
  return Buffer.concat([uint32(bodyBytes), Buffer.of(0, type), ...fields])
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Reads fields one after the other; a field that goes beyond the packet throws a RangeError. */
class FieldReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#at)
    this.#at += 1
    return value
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  string(): Buffer {
    const length = this.uint32()
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('A text goes beyond its packet.')
    const text = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return text
  }
}
