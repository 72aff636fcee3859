/** Escape sequences of terminal output: SGR becomes styled spans, OSC 8 links, every other one is dropped. */
import { type LinkAddress, linkAddress } from './link-address.ts'

/** A piece of one line with one style. `style` is null for plain text, so that most lines need no object. */
export interface AnsiSpan {
  readonly text: string
  readonly style: AnsiStyle | null
  /** The text is a link (OSC 8). */
  readonly link?: LinkAddress
}

export interface AnsiStyle {
  readonly fg: AnsiColor | null
  readonly bg: AnsiColor | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly inverse: boolean
  readonly strike: boolean
}

/** One of the 16 named colours of a terminal (the theme decides how they look), or a fixed one. */
export type AnsiColor =
  | { readonly kind: 'named'; readonly index: number }
  | { readonly kind: 'rgb'; readonly red: number; readonly green: number; readonly blue: number }

/**
 * The spans of one line. State does not cross lines: each call starts plain. Works in linear time on
 * any text and never throws; joined, the texts are the line without its escape sequences.
 */
export function parseAnsi(line: string): AnsiSpan[] {
  if (!introducer.test(line)) return line === '' ? [] : [{ text: line, style: null }]
  const spans: AnsiSpan[] = []
  let style = plain
  let link: LinkAddress | null = null
  let from = 0
  let at = nextIntroducer(line, 0)
  while (at >= 0) {
    push(spans, line.slice(from, at), { style, link })
    const sequence = readSequence(line, at)
    if (sequence.sgr !== null) style = applySgr(style, sequence.sgr)
    if (sequence.link !== undefined) link = linkAddress(sequence.link)
    from = sequence.end
    at = nextIntroducer(line, from)
  }
  push(spans, line.slice(from), { style, link })
  return spans
}

/** The line without any escape sequence. */
export function stripAnsi(line: string): string {
  if (!introducer.test(line)) return line
  return parseAnsi(line)
    .map((span) => span.text)
    .join('')
}

/** A longer sequence is cut here and the rest shown: a stray introducer must not hide a whole log. */
export const sequenceCharsMax = 4_096
/** Parameters that are read of one SGR; real programs use up to ten. */
const sgrParametersMax = 32

const plain: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
}

// ESC, and the C1 characters that open a sequence: DCS 90, SOS 98, CSI 9B, ST 9C, OSC 9D, PM 9E, APC 9F.
const introducerClass = '[\\u001b\\u0090\\u0098\\u009b-\\u009f]'
const introducer = new RegExp(introducerClass)
const introducerFrom = new RegExp(introducerClass, 'g')

interface Sequence {
  /** Index after the sequence. */
  readonly end: number
  /** Parameter text of an SGR, null for what is dropped. */
  readonly sgr: string | null
  /** Address of an OSC 8; empty ends the link. */
  readonly link?: string
}

function nextIntroducer(line: string, from: number): number {
  introducerFrom.lastIndex = from
  return introducerFrom.exec(line)?.index ?? -1
}

function readSequence(line: string, at: number): Sequence {
  const c1 = line.charCodeAt(at)
  if (c1 !== 0x1b) return readBody(line, at + 1, c1)
  const next = line.charCodeAt(at + 1)
  // ESC with 0x40-0x5F is the seven-bit form of a C1 character.
  if (next >= 0x40 && next <= 0x5f) return readBody(line, at + 2, next + 0x40)
  return { end: endOfEscape(line, at + 1), sgr: null }
}

/** What follows an introducer, given as its C1 code. */
function readBody(line: string, from: number, c1: number): Sequence {
  switch (c1) {
    case 0x9b:
      return readCsi(line, from)
    case 0x90:
    case 0x98:
    case 0x9d:
      return readOsc(line, from)
    case 0x9e:
    case 0x9f:
      return { end: endOfString(line, from), sgr: null }
    default:
      return { end: from, sgr: null }
  }
}

/** CSI: parameters 0x30-0x3F, intermediates 0x20-0x2F, one final byte 0x40-0x7E. */
function readCsi(line: string, from: number): Sequence {
  const bound = Math.min(line.length, from + sequenceCharsMax)
  let at = from
  while (at < bound && isBetween(line.charCodeAt(at), 0x20, 0x3f)) at++
  if (at >= bound || !isBetween(line.charCodeAt(at), 0x40, 0x7e)) return { end: at, sgr: null }
  const parameters = line.slice(from, at)
  const isSgr = line[at] === 'm' && /^[0-9;:]*$/.test(parameters)
  return { end: at + 1, sgr: isSgr ? parameters : null }
}

/** OSC, DCS, SOS, PM and APC last until ST or BEL, or to the bound when neither comes. */
function endOfString(line: string, from: number): number {
  const bound = Math.min(line.length, from + sequenceCharsMax)
  for (let at = from; at < bound; at++) {
    const code = line.charCodeAt(at)
    if (code === 0x07 || code === 0x9c) return at + 1
    if (code === 0x1b) return line[at + 1] === '\\' ? at + 2 : at
  }
  return bound
}

/** `8;parameters;address` and nothing else of OSC. */
function readOsc(line: string, from: number): Sequence {
  const end = endOfString(line, from)
  const address = line.indexOf(';', from + 2) + 1
  const isLink = line.startsWith('8;', from) && address > 0 && address < end
  if (!isLink) return { end, sgr: null }
  const hasEnd = line[end - 1] === '\\' ? 2 : 1
  return { end, sgr: null, link: line.slice(address, end - hasEnd) }
}

/** Two-character escapes and those with intermediates, such as `ESC ( B`. */
function endOfEscape(line: string, from: number): number {
  const bound = Math.min(line.length, from + sequenceCharsMax)
  let at = from
  while (at < bound && isBetween(line.charCodeAt(at), 0x20, 0x2f)) at++
  return at < bound && isBetween(line.charCodeAt(at), 0x30, 0x7e) ? at + 1 : at
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high
}

interface Look {
  readonly style: AnsiStyle
  readonly link: LinkAddress | null
}

function push(spans: AnsiSpan[], text: string, { style, link }: Look): void {
  if (text === '') return
  const kept = isPlain(style) ? null : style
  const last = spans.at(-1)
  const linked = link === null ? {} : { link }
  if (last !== undefined && last.style === kept && (last.link ?? null) === link) {
    spans[spans.length - 1] = { text: last.text + text, style: kept, ...linked }
    return
  }
  spans.push({ text, style: kept, ...linked })
}

function isPlain(style: AnsiStyle): boolean {
  if (style.fg !== null || style.bg !== null) return false
  const marked = style.bold || style.dim || style.italic || style.underline
  return !marked && !style.inverse && !style.strike
}

/** `38;5;n` and `38;2;r;g;b` are consumed as a group, else their numbers would be read as colours. */
function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const fields = parameters.split(';', sgrParametersMax)
  let next = style
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? ''
    if (field.includes(':')) {
      next = applySubParameters(next, field.split(':', sgrParametersMax))
      continue
    }
    const code = Number(field)
    if (code === 38 || code === 48) {
      const { color, used } = readColor(fields, at + 1)
      if (color !== null) next = { ...next, [code === 38 ? 'fg' : 'bg']: color }
      at += used
      continue
    }
    next = applyCode(next, code)
  }
  return next
}

/** The form with colons, `38:2::r:g:b`, where one field is empty or left out. */
function applySubParameters(style: AnsiStyle, parts: readonly string[]): AnsiStyle {
  const code = Number(parts[0])
  if (code === 4) return { ...style, underline: parts[1] !== '0' }
  if (code !== 38 && code !== 48) return style
  const values = parts[1] === '2' && parts.length >= 6 ? ['2', ...parts.slice(3)] : parts.slice(1)
  const { color } = readColor(values, 0)
  return color === null ? style : { ...style, [code === 38 ? 'fg' : 'bg']: color }
}

function readColor(
  fields: readonly string[],
  at: number,
): { readonly color: AnsiColor | null; readonly used: number } {
  if (fields[at] === '5') return { color: indexedColor(byteOf(fields[at + 1])), used: 2 }
  if (fields[at] !== '2') return { color: null, used: 1 }
  const red = byteOf(fields[at + 1])
  const green = byteOf(fields[at + 2])
  const blue = byteOf(fields[at + 3])
  if (red === null || green === null || blue === null) return { color: null, used: 4 }
  return { color: { kind: 'rgb', red, green, blue }, used: 4 }
}

/** 0-15 named, 16-231 a cube of 6 × 6 × 6, 232-255 greys: the table that xterm set. */
function indexedColor(index: number | null): AnsiColor | null {
  if (index === null) return null
  if (index < 16) return namedColors[index] ?? null
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return { kind: 'rgb', red: grey, green: grey, blue: grey }
  }
  const cube = index - 16
  const step = (level: number): number => (level === 0 ? 0 : 55 + level * 40)
  return {
    kind: 'rgb',
    red: step(Math.floor(cube / 36)),
    green: step(Math.floor(cube / 6) % 6),
    blue: step(cube % 6),
  }
}

function byteOf(field: string | undefined): number | null {
  const value = Number(field === undefined || field === '' ? '0' : field)
  return Number.isInteger(value) && value >= 0 && value <= 255 ? value : null
}

const namedColors: readonly AnsiColor[] = Array.from({ length: 16 }, (_, index) => ({
  kind: 'named',
  index,
}))

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return plain
  const flag = flags.get(code)
  if (flag !== undefined) return { ...style, ...flag }
  if (isBetween(code, 30, 37)) return { ...style, fg: namedColors[code - 30] ?? null }
  if (isBetween(code, 40, 47)) return { ...style, bg: namedColors[code - 40] ?? null }
  if (isBetween(code, 90, 97)) return { ...style, fg: namedColors[code - 82] ?? null }
  if (isBetween(code, 100, 107)) return { ...style, bg: namedColors[code - 92] ?? null }
  return style
}

const flags: ReadonlyMap<number, Partial<AnsiStyle>> = new Map([
  [1, { bold: true }],
  [2, { dim: true }],
  [3, { italic: true }],
  [4, { underline: true }],
  [7, { inverse: true }],
  [9, { strike: true }],
  [21, { underline: true }],
  [22, { bold: false, dim: false }],
  [23, { italic: false }],
  [24, { underline: false }],
  [27, { inverse: false }],
  [29, { strike: false }],
  [39, { fg: null }],
  [49, { bg: null }],
])
