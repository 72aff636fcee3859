/**
 * Which addresses a webhook may lead to. Farglass stands inside networks that its users cannot reach
 * by themselves: what answers only there (the machine itself, its neighbours, the metadata of a cloud)
 * is refused unless who runs the server allows it.
 */
import { BlockList, isIP } from 'node:net'

export interface AddressRules {
  /** Whether this IP address, as resolved, may be connected to. */
  isAllowed(address: string): boolean
}

/** `allowed` are networks as `10.0.0.0/8` or single addresses that may be reached all the same. */
export function addressRules(allowed: readonly string[]): AddressRules {
  const exceptions = listOf(allowed)
  return {
    isAllowed: (address) => {
      const plain = plainAddress(address)
      if (plain === null) return false
      return holds(exceptions, plain) || !holds(refused, plain)
    },
  }
}

/** Whether a text is a network or an address that `addressRules` takes. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([0-9a-f.:]+)(?:\/([0-9]{1,3}))?$/i.exec(text) ?? []
  const version = isIP(address)
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128))
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Private networks (10/8, 192.168/16, fc00::/7 …) are where one's own receivers are: they are not in it. */
const refused = listOf([
  '0.0.0.0/8',
  '127.0.0.0/8',
  // Link-local, with the metadata of most clouds.
  '169.254.0.0/16',
  // Metadata and agents of Alibaba, Oracle and Azure.
  '100.100.100.200',
  '192.0.0.0/24',
  '168.63.129.16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  // Metadata of AWS and Google.
  'fd00:ec2::254',
  'fd20:ce::254',
])

/** An IPv4 address that is written into an IPv6 one counts as itself; null for what is no address. */
function plainAddress(text: string): string | null {
  const address = text.split('%')[0] ?? ''
  const version = isIP(address)
  if (version === 0) return null
  return version === 4 ? address : (insideAddress(wordsOf(address)) ?? address)
}

/** The IPv4 address in an IPv6 one: mapped, compatible (but :: and ::1), NAT64 or 6to4. */
function insideAddress(words: readonly number[]): string | null {
  const [first = 0, second = 0, third = 0] = words
  const [high = 0, low = 0] = words.slice(6)
  const head = words.slice(0, 6).join(':')
  const isMapped = head === '0:0:0:0:0:65535' || head === '100:65435:0:0:0:0'
  if (isMapped || (head === '0:0:0:0:0:0' && high > 0)) return dotted((high << 16) | low)
  return first === 0x2002 ? dotted((second << 16) | third) : null
}

function dotted(bits: number): string {
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.')
}

/** The eight numbers of an IPv6 address. */
function wordsOf(address: string): number[] {
  const dots = /^(.*:)([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)$/.exec(address)
  const pair = (high: string | undefined, low: string | undefined): string =>
    (Number(high) * 256 + Number(low)).toString(16)
  const text =
    dots === null ? address : `${dots[1]}${pair(dots[2], dots[3])}:${pair(dots[4], dots[5])}`
  const [before = '', after] = text.split('::')
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  const head = numbers(before)
  if (after === undefined) return head
  const tail = numbers(after)
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail]
}
