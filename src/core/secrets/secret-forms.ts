/** The byte sequences in which programs print a secret: itself, and the encodings that are met every day. */
import { limits } from '../../shared/limits.ts'

/**
 * All forms of a secret, each once. A secret of several lines is also known line by line, since
 * programs indent, number and prefix lines. What is too short stays out: it would hide half of the log.
 */
export function secretForms(secret: string): readonly Uint8Array[] {
  const lines = secret.split('\n').map((line) => line.replace(/\r$/, ''))
  const texts = lines.length === 1 ? [secret] : [secret, lines.join('\r\n'), ...lines]
  const forms = new Set(texts.filter(isLongEnough).flatMap(formsOf))
  // One character for each byte, so that the set finds equal ones.
  return [...forms].filter(isLongEnough).map((form) => Uint8Array.from(form, codeOf))
}

function isLongEnough(text: string): boolean {
  return text.length >= limits.maskedCharsMin
}

/** Forms of one text, as texts with one character for each byte. */
function formsOf(text: string): string[] {
  const bytes = new TextEncoder().encode(text)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [
    oneEach(bytes),
    ...[...jsonForms(text), ...shellForms(text)].map((form) =>
      oneEach(new TextEncoder().encode(form)),
    ),
    ...urlForms(bytes),
    ...[hex, hex.toUpperCase()].flatMap((form) => [form, ...wrapped(form, [60])]),
    ...base64Forms(bytes),
    // As `echo "$SECRET" | base64`.
    ...base64Forms(Uint8Array.of(...bytes, 10)),
  ]
}

/** As JavaScript, Python (ASCII only), PHP (`\/`) and Go (`\u003c`) write it. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1)
  const ascii = plain.replace(/[\u007f-\uffff]/g, unicodeEscape)
  const slashes = [plain, ascii].map((form) => form.replaceAll('/', String.raw`\/`))
  return [plain, ascii, ...slashes, plain.replace(/[<>&\u2028\u2029]/g, unicodeEscape)]
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Inside of single quotes, in both ways to write one there; inside of double quotes; and bare, as `printf %q`. */
function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", String.raw`'\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/["$`\\]/g, String.raw`\$&`),
    text.replace(/[^A-Za-z0-9%+,./:=@_\u0080-\uffff-]/g, String.raw`\$&`),
  ]
}

/** With the characters that programs leave as they are: RFC 3986, Python and Go (`/`), JavaScript. */
function urlForms(bytes: Uint8Array): string[] {
  const safeSets = [/[A-Za-z0-9_.~-]/, /[A-Za-z0-9_.~/-]/, /[A-Za-z0-9_.~!'()*-]/]
  return safeSets.flatMap((safe) => {
    const upper = Array.from(bytes, (byte) => percent(byte, safe)).join('')
    const lower = upper.replace(/%../g, (escape) => escape.toLowerCase())
    return [upper, lower, upper.replaceAll('%20', '+'), lower.replaceAll('%20', '+')]
  })
}

function percent(byte: number, safe: RegExp): string {
  const character = String.fromCharCode(byte)
  return safe.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
}

/**
 * Wherever the secret begins within the groups of three bytes: characters that also hold bits of what
 * stands before or after it are left out. Then as the last thing that is encoded, and in lines as the
 * programs base64 and openssl break it.
 */
function base64Forms(bytes: Uint8Array): string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const shifted = new Uint8Array(before + bytes.length)
    shifted.set(bytes, before)
    const all = base64(shifted).slice(before === 0 ? 0 : before + 1)
    const certain = shifted.length % 3 === 0 ? all : all.slice(0, -1)
    return [certain, all]
  })
  const lines = wrapped(base64(bytes), [76, 64])
  const plain = [...forms, ...lines]
  return [...plain, ...plain.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Without padding. */
function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3)
    const bits = (first << 16) | (second << 8) | third
    const group = [18, 12, 6, 0].map((shift) => alphabet[(bits >> shift) & 63]).join('')
    text += group.slice(0, bytes.length - at + 1)
  }
  return text
}

/** The lines into which the encoding is broken, when it is longer than one. */
function wrapped(form: string, widths: readonly number[]): string[] {
  return widths
    .filter((width) => form.length > width)
    .flatMap((width) => form.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
}

function oneEach(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
}

function codeOf(character: string): number {
  return character.charCodeAt(0)
}
