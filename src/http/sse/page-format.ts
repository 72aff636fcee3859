/** The stream of `GET /api/v1/runs/{id}/stream`: one event per feed item (docs/protocol.md). */
import type { FeedItem } from '../../core/runs/run-service.ts'
import { linesJson } from './lines-json.ts'
import { type StreamFormat, sharedEncoder } from './stream-format.ts'
import { WireBlock } from './wire-block.ts'

export const pageFormat: StreamFormat = {
  encode: sharedEncoder(encode),
  bye: (retryMs) =>
    new WireBlock(`event: bye\nretry: ${retryMs}\ndata: ${JSON.stringify({ retryMs })}\n\n`),
}

function encode(item: FeedItem): string {
  switch (item.kind) {
    case 'frame':
      return `id: ${item.next}\nevent: lines\ndata: ${linesJson(item)}\n\n`
    case 'run':
      return event('run', { run: item.run })
    case 'task':
      return event('task', { task: item.task })
    case 'partial':
      return event('partial', { task: item.task, channel: item.channel, text: item.text })
    case 'reset':
      return `id: ${item.from}\n${event('reset', { epoch: item.epoch, from: item.from })}`
    case 'end':
      return `id: ${item.next}\n${event('end', { next: item.next, run: item.run })}`
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
