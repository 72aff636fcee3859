/** What the server writes is what the client reads, however the network cuts it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleRun } from '../../../test/support/sample-run.ts'
import { parseStreamEvent } from '../../client/event-parser.ts'
import { createSseParser } from '../../client/sse-parser.ts'
import type { FeedItem } from '../../core/runs/run-service.ts'
import { newTask } from '../../core/runs/task-state.ts'
import { channels } from '../../shared/channel.ts'
import { lineEnds, type PlacedGroup, textsOf } from '../../shared/line-group.ts'
import type { StreamEvent } from '../../shared/protocol/events.ts'
import { pageFormat } from './page-format.ts'
import { heartbeat, hello } from './stream-format.ts'

test('gives every item as it was, for any bytes of a host, cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(frame, state, partial), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      fc.array(fc.boolean(), { maxLength: 8 }),
      (items, cuts, beats) => {
        const blocks = items.flatMap((item, at) => [
          pageFormat.encode(item)?.plain ?? Buffer.alloc(0),
          ...(beats[at] === true ? [heartbeat.plain] : []),
        ])
        const stream = Buffer.concat([hello.plain, ...blocks])
        expect(read(stream, cuts)).toEqual(items.map(eventOf))
      },
    ),
    { numRuns: 400 },
  )
})

test('gives no event of which the last byte did not come', () => {
  fc.assert(
    fc.property(frame, fc.nat(), (item, at) => {
      const stream = pageFormat.encode(item)?.plain ?? Buffer.alloc(0)
      expect(read(stream.subarray(0, at % stream.length), [])).toEqual([])
    }),
  )
})

function read(stream: Buffer, cuts: readonly number[]): StreamEvent[] {
  const parser = createSseParser()
  const places = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length]
  places.sort((one, other) => one - other)
  let from = 0
  return places.flatMap((to) => {
    const messages = parser.push(stream.subarray(from, to))
    from = to
    return messages.flatMap((message) => {
      const isMessage = message.kind === 'message'
      return isMessage ? (parseStreamEvent(message.event, message.data) ?? []) : []
    })
  })
}

/** What a client must hear of an item. */
function eventOf(item: FeedItem): unknown {
  if (item.kind !== 'frame') return item
  const groups = item.groups.map(({ task, channel, time, file, end, ...group }) => {
    const lines = textsOf({ ...group, end })
    const head = { task, channel, time: new Date(time).toISOString(), lines }
    const more = { ...(file !== undefined && { file }), ...(end !== 'newline' && { end }) }
    return expect.objectContaining({ ...head, ...more })
  })
  return { kind: 'lines', pos: item.pos, next: item.next, groups }
}

/** Bytes with what may break a frame: line ends of every kind, half characters, and words of SSE. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n\r\n',
        'data: x',
        'event: end',
        'id: 7',
        ':',
        '"',
        '\\',
        '🙂',
        '\u2028',
      ),
      fc.uint8Array({ maxLength: 4 }).map((some) => Buffer.from(some).toString('latin1')),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.from(parts.join('')))

const group = fc
  .record({
    task: fc.nat(3),
    channel: fc.constantFrom(...channels),
    time: fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
    bytes: fc.oneof(bytes, fc.uint8Array({ maxLength: 20 })),
    end: fc.constantFrom(...lineEnds),
    file: fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined }),
  })
  .map(({ bytes: some, file, ...rest }): Omit<PlacedGroup, 'pos'> => {
    const all = rest.end === 'newline' ? Uint8Array.from([...some, 10]) : Uint8Array.from(some)
    const newlines = all.filter((byte) => byte === 10).length
    const count = rest.end === 'newline' ? newlines : newlines + 1
    return { ...rest, count, bytes: all, ...(file !== undefined && { file }) }
  })

const frame = fc
  .tuple(fc.nat(1_000_000), fc.array(group, { minLength: 1, maxLength: 4 }))
  .map(([pos, all]): FeedItem => {
    let next = pos
    const groups = all.map((one) => {
      const placed = { ...one, pos: next }
      next += one.count
      return placed
    })
    return { kind: 'frame', pos, next, groups }
  })

const partial = fc.record({
  kind: fc.constant('partial' as const),
  task: fc.nat(3),
  channel: fc.constantFrom('out' as const, 'err' as const),
  text: fc.string({ unit: 'grapheme' }),
})

const state = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .chain((target) =>
    fc.constantFrom<FeedItem>(
      { kind: 'run', run: sampleRun({ target }) },
      { kind: 'task', task: newTask(1, target) },
      { kind: 'reset', epoch: 2, from: 5, epochs: [] },
      { kind: 'end', next: 9, run: sampleRun({ target, state: 'ended' }) },
    ),
  )
