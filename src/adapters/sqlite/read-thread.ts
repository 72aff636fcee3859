/** Thread of the reader: answers one question after the other, batches by handing their bytes over. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadDriver, type SqlDriver } from './driver.ts'
import type { ReadOp, Reply, Request, StoredBatches, ThreadData } from './messages.ts'
import { Reader } from './reader.ts'
import { describeFailure } from './sql-failure.ts'

if (parentPort === null) throw new Error('This file is the start of a worker thread.')
const port = parentPort
// Given by the main thread of the same program.
const data = workerData as ThreadData
const say = (reply: Reply, handedOver: ArrayBuffer[] = []): void =>
  port.postMessage(reply, handedOver)

try {
  serve(await loadDriver())
} catch (thrown) {
  const { error } = describeFailure(thrown, data.directory)
  say({ kind: 'failed', error: error.toBody().error })
  port.close()
}

function serve(driver: SqlDriver): void {
  let reader: Reader | undefined
  port.on('message', (request: Request<ReadOp>) => {
    if (request.kind === 'close') {
      reader?.close()
      say({ kind: 'closed' })
      port.close()
      return
    }
    for (const { ticket, op } of request.ops) {
      try {
        // Not before the first question: the writer makes the tables while this thread starts.
        reader ??= new Reader(driver, data.file)
        const value = reader.answer(op)
        say({ kind: 'answers', answers: [{ ticket, value }] }, bodiesOf(op, value))
      } catch (thrown) {
        const { error } = describeFailure(thrown, data.directory)
        say({ kind: 'answers', answers: [{ ticket, error: error.toBody().error }] })
      }
    }
  })
  say({ kind: 'ready' })
}

/** The memory of the batches, which SQLite has given to this answer alone. */
function bodiesOf(op: ReadOp, value: unknown): ArrayBuffer[] {
  if (op.kind !== 'read') return []
  const { batches } = value as StoredBatches
  return batches.flatMap(({ body }) => (body === null ? [] : [body.buffer as ArrayBuffer]))
}
