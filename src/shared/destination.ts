/** Where ssh goes: an alias of ssh_config, or `user@name:port`. Parsed here, trusted elsewhere. */
import { AppError } from './errors.ts'

/** Parts are checked, so that none can be read by ssh as an option or by a shell as code. */
export interface Destination {
  /** As the user wrote it; the host's name on screen. */
  readonly text: string
  readonly user: string | null
  readonly name: string
  readonly port: number | null
}

/** `@web`, `web-[1-3]`, `@a&@b`, `@web!web-2`: what node sets look like, and no host name. */
const setSyntax = /^@\w|^[^[\]]*\[[\d,/\s-]+\]|^@?[\w.-]+[!&]@?\w/
const word = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const address = /^[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?$/

/**
 * Parses `alias`, `name:port`, `user@name:port`, `user@[v6]:port` or a bare IPv6 address.
 * Throws `bad-target` with a sentence that names the part that is wrong.
 */
export function parseDestination(text: string): Destination {
  if (setSyntax.test(text)) {
    throw bad(text, 'it stands for several hosts, and one is asked for here')
  }
  const at = text.lastIndexOf('@')
  const user = at < 0 ? null : text.slice(0, at)
  if (user !== null && !word.test(user)) {
    throw bad(text, `"${printable(user)}" is not a user name that Farglass passes to ssh`)
  }
  const { name, port } = splitPort(text, text.slice(at + 1))
  if (name === '') throw bad(text, 'the host name is missing')
  const isAddress = name.includes(':')
  if (isAddress ? !address.test(name) : !word.test(name)) {
    throw bad(text, `"${printable(name)}" is not a host name that Farglass passes to ssh`)
  }
  return { text, user, name, port: port === null ? null : parsePort(text, port) }
}

/** As `parseDestination` reads it. */
export function formatDestination({ user, name, port }: Omit<Destination, 'text'>): string {
  const isAddress = name.includes(':')
  const host = isAddress && port !== null ? `[${name}]` : name
  return `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`
}

function splitPort(text: string, rest: string): { name: string; port: string | null } {
  if (rest.startsWith('[')) {
    const close = rest.indexOf(']')
    if (close < 0) throw bad(text, 'the "]" after the address is missing')
    const after = rest.slice(close + 1)
    if (after !== '' && !after.startsWith(':')) throw bad(text, 'after "]" only ":port" can follow')
    return { name: rest.slice(1, close), port: after === '' ? null : after.slice(1) }
  }
  const colons = rest.split(':').length - 1
  if (colons !== 1) return { name: rest, port: null }
  const colon = rest.indexOf(':')
  return { name: rest.slice(0, colon), port: rest.slice(colon + 1) }
}

function parsePort(text: string, port: string): number {
  const value = Number(port)
  if (!/^[0-9]{1,5}$/.test(port) || value < 1 || value > 65_535) {
    throw bad(text, `the port "${printable(port)}" is not a number from 1 to 65535`)
  }
  return value
}

function bad(text: string, why: string): AppError {
  return new AppError('bad-target', `Host "${printable(text)}": ${why}.`)
}

/** Short and without control characters, for error sentences. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD').slice(0, 100)
}
