/** The stream of the article's `GET /stream`: `message` events only, one per line. */
import type { FeedItem, Frame } from '../../core/runs/run-service.ts'
import { lastState } from '../../shared/display.ts'
import { textsOf } from '../../shared/line-group.ts'
import { type StreamFormat, sharedEncoder } from './stream-format.ts'
import { WireBlock } from './wire-block.ts'

export const articleFormat: StreamFormat = {
  encode: sharedEncoder((item) => {
    const text = encode(item)
    return text === null ? null : new WireBlock(text)
  }),
  // The article's page knows no `bye`; its EventSource keeps to `retry`.
  bye: (retryMs) => new WireBlock(`retry: ${retryMs}\n\n`),
}

function encode(item: FeedItem): string | null {
  switch (item.kind) {
    case 'frame':
      return frameText(item)
    case 'reset':
      return message(`[farglass] the lines from here on were given anew`, item.from)
    case 'end':
      return moveTo(item.next)
    case 'run':
    case 'task':
    case 'partial':
    case 'viewers':
    case 'marks':
      return null
  }
}

function frameText(frame: Frame): string {
  let text = ''
  let told = frame.pos
  for (const group of frame.groups) {
    const isNote = group.channel === 'note'
    let next = group.pos
    for (const line of textsOf(group)) {
      next += 1
      if (isNote && !isAlarm(line)) continue
      text += message(isNote ? `[farglass] ${line}` : lastState(line), next)
      told = next
    }
  }
  return told === frame.next ? text : text + moveTo(frame.next)
}

/** The first word of a note is its kind. */
function isAlarm(note: string): boolean {
  return /^(?:failed|lost|gap|reconnect(?:ed|ing))\b/.test(note)
}

function message(text: string, next: number): string {
  return `id: ${next}\ndata: {"message": ${JSON.stringify(text)}}\n\n`
}

/** An id without data moves the reader's cursor and shows nothing. */
function moveTo(next: number): string {
  return `id: ${next}\n\n`
}
