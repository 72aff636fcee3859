/** Thread of a search: looks through one share after the other. It may be ended in the middle of a line. */
import { isAscii } from 'node:buffer'
import { parentPort } from 'node:worker_threads'
import { createMatch } from '../../core/search/matchers.ts'
import { decodeBatch, encodeBatch } from '../../shared/batch-codec.ts'
import type { MatchReply, MatchRequest } from './messages.ts'

if (parentPort === null) throw new Error('This file is the start of a worker thread.')
const port = parentPort
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
let match: ReturnType<typeof createMatch> | undefined

port.on('message', (request: MatchRequest) => {
  if (request.kind === 'job') {
    match = createMatch(request.job, textOf)
    return
  }
  const reply = answer(request)
  port.postMessage(reply, reply.kind === 'matches' ? [reply.batch.buffer] : [])
})

function answer({ pos, batch, part }: Extract<MatchRequest, { kind: 'share' }>): MatchReply {
  try {
    if (match === undefined) throw new Error('A share came before its search.')
    const { count, groups, buckets } = match(decodeBatch(batch, pos), part)
    const positions = groups.map((group) => group.pos)
    return { kind: 'matches', count, positions, batch: encodeBatch(groups), buckets }
  } catch (thrown) {
    return { kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** A text of one byte per character is made and searched several times as fast as any other. */
function textOf(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return decoder.decode(bytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
