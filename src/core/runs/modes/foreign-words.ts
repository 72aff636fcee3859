/** What ssh or the login shell say around a command, and the errors that are made of it. */
import { AppError } from '../../../shared/errors.ts'
import { limits } from '../../../shared/limits.ts'

/** Keeps the end of what was said, for a sentence. */
export class ForeignWords {
  #kept: Uint8Array[] = []
  #keptBytes = 0
  #saidBytes = 0

  /** So much before the start mark that no POSIX sh can be behind it. */
  get tooMany(): boolean {
    return this.#saidBytes > limits.beforeStartBytesMax
  }

  /** ssh or the host spoke of a connection that broke, or said nothing at all. */
  get isCut(): boolean {
    const said = this.text()
    return (
      said === '' ||
      causes.some(([pattern, code]) => code === 'connection-lost' && pattern.test(said))
    )
  }

  /** The host or ssh has said that it will open no session, so no sh was there. */
  get isRefusal(): boolean {
    const said = this.text()
    return causes.some(([pattern, code]) => code === 'session-refused' && pattern.test(said))
  }

  add(bytes: Uint8Array): void {
    this.#saidBytes += bytes.length
    this.#kept.push(bytes.slice(-keptBytesMax))
    this.#keptBytes += Math.min(bytes.length, keptBytesMax)
    while (
      this.#kept.length > 1 &&
      this.#keptBytes - (this.#kept[0]?.length ?? 0) >= keptBytesMax
    ) {
      this.#keptBytes -= this.#kept.shift()?.length ?? 0
    }
  }

  clear(): void {
    this.#kept = []
    this.#keptBytes = 0
    this.#saidBytes = 0
  }

  /** One line of printable text, shortened; empty when nothing was said. */
  text(): string {
    const decoder = new TextDecoder()
    const said = this.#kept.map((bytes) => decoder.decode(bytes, { stream: true })).join('')
    const oneLine = said
      .replace(escapeSequences, '')
      .replace(notPrintable, ' ')
      .replace(/ +/g, ' ')
      .trim()
    return oneLine.length <= limits.hostTextCharsMax
      ? oneLine
      : `…${oneLine.slice(-limits.hostTextCharsMax)}`
  }
}

/** The session ended before the wrapper had reported the start. */
export function notStartedError(words: ForeignWords): AppError {
  const said = words.text()
  if (words.tooMany) {
    return new AppError(
      'start-failed',
      `The login shell of the host printed output without end instead of starting a sh: ${quote(said)}.`,
    )
  }
  if (said === '') {
    return new AppError('start-failed', 'The host closed the session before the command started.')
  }
  const code = causes.find(([pattern]) => pattern.test(said))?.[1] ?? 'start-failed'
  return new AppError(code, `The command was not started. The host or ssh said: ${quote(said)}.`)
}

/** The session ended after the start and before an exit was reported; the command ends with it. */
export function lostError(words: ForeignWords): AppError {
  return brokenError(
    'The connection to the host ended before the command did, so its exit code is not known.',
    words,
  )
}

/** The session ended; what it has read goes on on the host. */
export function cutError(words: ForeignWords): AppError {
  return brokenError('The connection to the host ended.', words)
}

function brokenError(sentence: string, words: ForeignWords): AppError {
  const said = words.text()
  return new AppError(
    'connection-lost',
    said === '' ? sentence : `${sentence} ssh said: ${quote(said)}.`,
  )
}

const keptBytesMax = 4 * 1024

const causes = [
  [/session open refused|open failed|administratively prohibited/i, 'session-refused'],
  [/account is (currently )?not available|account .*(expired|locked)/i, 'session-refused'],
  [/broken pipe|connection reset|timeout, server|connection (to .* )?closed/i, 'connection-lost'],
] as const

// eslint-disable-next-line no-control-regex -- escape sequences are what this removes
const escapeSequences = /\u001b\[[0-9;?]*[ -/]*[@-~]/g
const notPrintable = /[\p{C}\p{Z}]+/gu

function quote(text: string): string {
  return `"${text}"`
}
