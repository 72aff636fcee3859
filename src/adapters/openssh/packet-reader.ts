/** Cuts a stream of bytes into packets that tell their length in four bytes. */

export class PacketReader {
  readonly #packetBytesMax: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(packetBytesMax: number) {
    this.#packetBytesMax = packetBytesMax
  }

  /**
   * The packets that these bytes complete, without their length. They are views of the bytes where
   * that is possible. Throws a RangeError when a packet would be larger than it may be.
   */
  *push(bytes: Buffer): Generator<Buffer> {
    let unread = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (unread.length >= lengthBytes) {
      const length = unread.readUInt32BE(0)
      if (length > this.#packetBytesMax) {
        throw new RangeError(`A packet of ${length} bytes is larger than any should be.`)
      }
      if (unread.length < lengthBytes + length) break
      yield unread.subarray(lengthBytes, lengthBytes + length)
      unread = unread.subarray(lengthBytes + length)
    }
    this.#rest = unread
  }
}

const lengthBytes = 4
