/** Thread of a search: looks through one share after the other. It may be ended in the middle of a line. */
import { isAscii } from 'node:buffer'
import { parentPort } from 'node:worker_threads'
import { createMatch } from '../../core/search/matchers.ts'
import { decodeBatch, encodeBatch } from '../../shared/batch-codec.ts'
import type { MatchReply, MatchRequest, ShareReply } from './messages.ts'

if (parentPort === null) throw new Error('This file is the start of a worker thread.')
const port = parentPort
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
let match: ReturnType<typeof createMatch> | undefined

port.on('message', (request: MatchRequest) => {
  if (request.kind === 'job') {
    match = createMatch(request.job, textOf)
    say({ kind: 'ready' })
    return
  }
  const reply = answer(request)
  const batches = reply.kind === 'matches' ? [reply.batch.buffer] : []
  say(reply, [reply.memory.buffer, ...batches])
})

function say(reply: MatchReply, handedOver: ArrayBuffer[] = []): void {
  port.postMessage(reply, handedOver)
}

function answer(request: Extract<MatchRequest, { kind: 'share' }>): ShareReply {
  const { pos, memory, length, part } = request
  try {
    if (match === undefined) throw new Error('A share came before its search.')
    const { count, groups, buckets } = match(decodeBatch(memory.subarray(0, length), pos), part)
    const positions = groups.map((group) => group.pos)
    const batch = encodeBatch(groups)
    return { kind: 'matches', memory, count, positions, batch, buckets }
  } catch (thrown) {
    return {
      kind: 'failed',
      memory,
      message: thrown instanceof Error ? thrown.message : String(thrown),
    }
  }
}

/** A text of one byte per character is made and searched several times as fast as any other. */
function textOf(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return decoder.decode(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
