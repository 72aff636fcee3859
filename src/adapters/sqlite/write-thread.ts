/** Thread of the writer: drains all that has been sent, commits it together, then answers. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { limits } from '../../shared/limits.ts'
import type { Reply, Request, ThreadData, WriteOp } from './messages.ts'
import { describeFailure } from './sql-failure.ts'
import { bytesOf, type QueuedOp, Writer } from './writer.ts'

if (parentPort === null) throw new Error('This file is the start of a worker thread.')
const port = parentPort
// Given by the main thread of the same program.
const data = workerData as ThreadData
const say = (reply: Reply, handedOver: ArrayBuffer[] = []): void =>
  port.postMessage(reply, handedOver)

try {
  serve(await Writer.open(data))
} catch (thrown) {
  const { error } = describeFailure(thrown, data.directory)
  say({ kind: 'failed', error: error.toBody().error })
  port.close()
}

function serve(writer: Writer): void {
  const queue: QueuedOp[] = []
  let isClosing = false
  let tidying: NodeJS.Immediate | undefined
  const take = (request: Request<WriteOp>): void => {
    if (request.kind === 'close') isClosing = true
    else for (const one of request.ops) queue.push({ ...one, bytes: request.bytes })
  }
  const work = (): void => {
    clearImmediate(tidying)
    let hasMore = writer.tidy()
    for (;;) {
      for (let more = receive(); more !== undefined; more = receive()) take(more)
      if (queue.length === 0) break
      const ops = queue.splice(0, countForOneCommit(queue))
      const answers = writer.commit(ops)
      const spent = spentBy(ops, queue[0])
      say(
        { kind: 'answers', answers, spent },
        spent.map((bytes) => bytes.buffer),
      )
      hasMore = writer.tidy()
    }
    if (isClosing) close(writer)
    else if (hasMore) tidying = setImmediate(work)
  }
  port.on('message', (first: Request<WriteOp>) => {
    take(first)
    work()
  })
  say({ kind: 'ready' })
  work()
}

function close(writer: Writer): void {
  writer.close()
  say({ kind: 'closed' })
  port.close()
}

/** The bursts whose last op is among these: SQLite has copied what it keeps. */
function spentBy(ops: readonly QueuedOp[], next: QueuedOp | undefined): Uint8Array<ArrayBuffer>[] {
  const spent = new Set(ops.map((op) => op.bytes))
  if (next !== undefined) spent.delete(next.bytes)
  return [...spent].filter((bytes) => bytes.length > 0)
}

function receive(): Request<WriteOp> | undefined {
  // Only the main thread sends on this port, and it sends requests.
  return receiveMessageOnPort(port)?.message as Request<WriteOp> | undefined
}

/** How many of the first ops go into one transaction: those before the limit of its bytes, at least one. */
function countForOneCommit(queue: readonly QueuedOp[]): number {
  let bytes = 0
  const over = queue.findIndex(({ op }) => {
    bytes += bytesOf(op)
    return bytes > limits.commitBytesMax
  })
  return over < 0 ? queue.length : Math.max(over, 1)
}
