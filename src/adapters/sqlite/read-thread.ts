/** Thread of the reader: answers one question after the other, batches by handing their bytes over. */
import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../../shared/errors.ts'
import type {
  Answer,
  ReadOp,
  Reply,
  Request,
  StoredBatches,
  ThreadData,
  Ticketed,
} from './messages.ts'
import { Reader } from './reader.ts'
import { describeFailure } from './sql-failure.ts'

if (parentPort === null) throw new Error('This file is the start of a worker thread.')
const port = parentPort
// Given by the main thread of the same program.
const data = workerData as ThreadData
const say = (reply: Reply, handedOver: ArrayBuffer[] = []): void =>
  port.postMessage(reply, handedOver)

try {
  serve(await Reader.open(data))
} catch (thrown) {
  const { error } = describeFailure(thrown, data.directory)
  say({ kind: 'failed', error: toAppError(error).toBody().error })
  port.close()
}

function serve(reader: Reader): void {
  port.on('message', (request: Request<ReadOp>) => {
    if (request.kind === 'close') {
      reader.close()
      say({ kind: 'closed' })
      port.close()
      return
    }
    for (const one of request.ops) {
      const answer = answerTo(reader, one)
      say({ kind: 'answers', answers: [answer] }, bodiesOf(one.op, answer))
    }
  })
  say({ kind: 'ready' })
}

function answerTo(reader: Reader, { ticket, op }: Ticketed<ReadOp>): Answer {
  try {
    return { ticket, value: reader.answer(op) }
  } catch (thrown) {
    const { error } = describeFailure(thrown, data.directory)
    return { ticket, error: error.toBody().error }
  }
}

/** The memory of the batches, which SQLite has given to this answer alone. */
function bodiesOf(op: ReadOp, answer: Answer): ArrayBuffer[] {
  if (op.kind !== 'read' || 'error' in answer) return []
  const { batches } = answer.value as StoredBatches
  return batches.map(({ body }) => body.buffer as ArrayBuffer)
}
