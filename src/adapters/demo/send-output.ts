/** Sends a process's two outputs through one SSH channel, at the pace of the client. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'

/**
 * Resolves when both outputs have ended and all is sent; never, when the channel closes before.
 * One write at a time for both: ssh2 1.17 remembers one blocked write per output and never forgets
 * it, so that stderr waiting behind stdout would hang, and an old piece of stdout be sent again.
 */
export async function sendOutput(
  child: ChildProcessWithoutNullStreams,
  channel: ServerChannel,
): Promise<void> {
  let turn: Promise<void> = Promise.resolve()
  const send = (stream: Writable, bytes: Buffer) => {
    turn = turn.then(() => write(channel, stream, bytes))
    return turn
  }
  await Promise.all([
    forEachChunk(child.stdout, (bytes) => send(channel, bytes)),
    forEachChunk(child.stderr, (bytes) => send(channel.stderr, bytes)),
  ])
}

/** The session's end destroys the output under its reader: then there is no more to send. */
async function forEachChunk(
  output: Readable,
  send: (bytes: Buffer) => Promise<void>,
): Promise<void> {
  try {
    for await (const bytes of output) await send(bytes as Buffer)
  } catch {
    return
  }
}

function write(channel: ServerChannel, stream: Writable, bytes: Buffer): Promise<void> {
  Object.assign(channel, forgotten)
  return new Promise((resolve) => {
    stream.write(bytes, () => resolve())
  })
}

/** ssh2's memory of blocked writes. */
const forgotten = {
  _chunk: undefined,
  _chunkcb: undefined,
  _chunkErr: undefined,
  _chunkcbErr: undefined,
}
