/** Which server of a cluster holds what: slots of keys, who owns each, and where a refusal sends us. */
import { AppError } from '../../shared/errors.ts'
import { nameOf, type ServerAddress } from './redis-address.ts'
import type { CommandWords } from './redis-link.ts'
import { listOf, textOf } from './replies.ts'

const slotCount = 16_384

/** Whether a server is one of a cluster, by what INFO says of it; the second word is that of Valkey. */
export function isOfCluster(info: string): boolean {
  return /^(redis|server)_mode:cluster/m.test(info)
}

/** The slot that a command touches; any server may carry out one without a key. */
export function slotOfCommand(words: CommandWords): number {
  const key = keyOf(words)
  return key === undefined ? 0 : slotOfKey(key)
}

function keyOf([name, ...args]: CommandWords): string | undefined {
  const word = (index: number) => (args[index] === undefined ? undefined : textOf(args[index]))
  switch (name.toUpperCase()) {
    case 'PING':
    case 'INFO':
    case 'CONFIG':
      return undefined
    // Behind digest and number of keys.
    case 'EVALSHA':
      return word(2)
    case 'MEMORY':
      return word(1)
    default:
      return word(0)
  }
}

/** Only what stands between the first braces counts, so that keys can be kept together. */
export function slotOfKey(key: string): number {
  const open = key.indexOf('{')
  const close = key.indexOf('}', open)
  const counts = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key
  return crc16(new TextEncoder().encode(counts)) % slotCount
}

/** CRC-16/XMODEM, as the specification of Redis Cluster has it. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021
    }
  }
  return crc & 0xffff
}

export class SlotMap {
  readonly #ranges: readonly SlotRange[]

  constructor(ranges: readonly SlotRange[]) {
    this.#ranges = ranges
  }

  /** From the answer to CLUSTER SLOTS; `asked` stands where it names no host. */
  static parse(reply: unknown, asked: ServerAddress): SlotMap {
    const ranges = listOf(reply).map((row) => {
      const [from, to, owner] = listOf(row)
      const [host, port] = listOf(owner)
      const name = host === null ? '' : textOf(host)
      const address = { host: name === '' ? asked.host : name, port: Number(port) }
      return { from: Number(from), to: Number(to), owner: address }
    })
    return new SlotMap(ranges)
  }

  /** Each once. */
  get owners(): readonly ServerAddress[] {
    const byName = new Map(this.#ranges.map(({ owner }) => [nameOf(owner), owner]))
    return [...byName.values()]
  }

  ownerOf(slot: number): ServerAddress | undefined {
    return this.#ranges.find(({ from, to }) => from <= slot && slot <= to)?.owner
  }

  /** What a server has said of one slot comes before what is known of many. */
  withOwner(slot: number, owner: ServerAddress): SlotMap {
    const others = this.#ranges.filter(({ from, to }) => from !== slot || to !== slot)
    return new SlotMap([{ from: slot, to: slot, owner }, ...others])
  }
}

export interface SlotRange {
  readonly from: number
  readonly to: number
  readonly owner: ServerAddress
}

export type Redirect =
  /** From now on the slot is there. */
  | { readonly kind: 'moved'; readonly to: ServerAddress }
  /** What was asked for is there already, and the slot on its way. */
  | { readonly kind: 'ask'; readonly to: ServerAddress }
  /** It can be had in a moment. */
  | { readonly kind: 'again' }

/** What a refusal means that passes by itself; undefined for any other. */
export function redirectOf(reply: string, asked: ServerAddress): Redirect | undefined {
  const sent = /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(reply)
  if (sent !== null) {
    const [, word, host = '', port] = sent
    const to = { host: host === '' ? asked.host : host, port: Number(port) }
    return { kind: word === 'ASK' ? 'ask' : 'moved', to }
  }
  return /^(TRYAGAIN|CLUSTERDOWN|MASTERDOWN|LOADING)/.test(reply) ? { kind: 'again' } : undefined
}

/** No server of a cluster has told who owns the slot. */
export function unowned(shown: string): AppError {
  return new AppError(
    'store-busy',
    `No server of the cluster at ${shown} has all that is needed.`,
    {
      hint: 'Look at "redis-cli --cluster check"; what waits for it goes on by itself.',
    },
  )
}
