/** Server-sent events from bytes: the same messages however the bytes are cut. */
import { limits } from '../shared/limits.ts'

/**
 * One event that carries data, or the server's own wish for the next reconnect. `id:` is not read:
 * every event of ours that moves the cursor names it in its data too.
 */
export type SseMessage =
  | { readonly kind: 'message'; readonly event: string; readonly data: string }
  | { readonly kind: 'retry'; readonly ms: number }

export interface SseParser {
  /** The messages that these bytes complete. Throws RangeError when one grows over the limit. */
  push(bytes: Uint8Array): SseMessage[]
}

/** A parser for one response. An event that the end of the connection cuts short is never given. */
export function createSseParser(charsMax: number = limits.eventCharsMax): SseParser {
  const decoder = new TextDecoder()
  const block: Block = { event: '', data: [], size: 0 }
  let rest = ''
  /** A CR ended the last chunk: an LF that comes next belongs to it. */
  let afterCr = false
  return {
    push(bytes) {
      const fresh = decoder.decode(bytes, { stream: true })
      if (fresh === '') return []
      const text = rest + (afterCr && fresh.startsWith('\n') ? fresh.slice(1) : fresh)
      const messages: SseMessage[] = []
      const nextEnd = endFinder(text)
      let start = 0
      // The rest of the last chunk holds no line end: only the fresh part is searched.
      let end = nextEnd(rest.length)
      while (end >= 0) {
        takeLine(block, text.slice(start, end), messages)
        start = text.startsWith('\r\n', end) ? end + 2 : end + 1
        end = nextEnd(start)
      }
      afterCr = start === text.length && text.endsWith('\r')
      rest = text.slice(start)
      if (rest.length + block.size > charsMax) {
        throw new RangeError(`An event of the stream is longer than ${charsMax} characters.`)
      }
      return messages
    },
  }
}

interface Block {
  event: string
  data: string[]
  /** Characters of the lines taken so far, plus one each, so that empty lines count too. */
  size: number
}

/** Finds the next CR or LF; a text without CR (all of ours) takes the fast way. */
function endFinder(text: string): (from: number) => number {
  if (!text.includes('\r')) return (from) => text.indexOf('\n', from)
  const either = /[\r\n]/g
  return (from) => {
    either.lastIndex = from
    return either.exec(text)?.index ?? -1
  }
}

/** Takes one line into the block; the blank line gives the message and empties the block. */
function takeLine(block: Block, line: string, messages: SseMessage[]): void {
  if (line === '') {
    if (block.data.length > 0) {
      const event = block.event === '' ? 'message' : block.event
      messages.push({ kind: 'message', event, data: block.data.join('\n') })
    }
    block.event = ''
    block.data = []
    block.size = 0
    return
  }
  const colon = line.indexOf(':')
  const name = colon < 0 ? line : line.slice(0, colon)
  const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
  if (name === 'data') {
    block.data.push(value)
    block.size += line.length + 1
  }
  if (name === 'event') block.event = value
  if (name === 'retry' && /^[0-9]{1,9}$/.test(value)) {
    messages.push({ kind: 'retry', ms: Number(value) })
  }
}
