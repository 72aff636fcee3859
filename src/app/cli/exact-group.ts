/** A group of lines with its bytes, where a server sent only their text. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BytesPart } from '../../client/api.ts'
import { AppError } from '../../shared/errors.ts'
import { textsOf } from '../../shared/line-group.ts'
import type { WireGroup } from '../../shared/protocol/events.ts'
import type { ExactGroup } from '../engine-api.ts'

/** Asks a server for exact bytes. */
export type BytesSource = (part: BytesPart) => Promise<Uint8Array>

/** The server may be away for a moment, as it may be for the stream itself. */
const tryAgainMs = 500
const triesMax = 120

/** Gets the bytes of a group that begins at `pos`, and its texts from them, so that none is cut. */
export async function exactGroup(
  group: WireGroup,
  pos: number,
  source: BytesSource,
): Promise<ExactGroup> {
  const { task, channel, time, end, file } = group
  const part = { task, channel, from: pos, to: pos + group.lines.length }
  const bytes = await persistently(() => source(part))
  const lines = textsOf({ bytes, end: end ?? 'newline' })
  const head = { task, channel, time, ...(file === undefined ? {} : { file }) }
  return { ...head, lines, bytes, ...(end === undefined ? {} : { end }) }
}

async function persistently<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await action()
    } catch (thrown) {
      const isAway = thrown instanceof AppError && thrown.status >= 500
      if (!isAway || tries >= triesMax) throw thrown
      await sleep(tryAgainMs)
    }
  }
}
