/** Whole runs as files, over HTTP. */
import type { Run, RunId } from '../shared/run.ts'
import { asRun } from './event-parser.ts'

/** Every call rejects with an AppError. */
export interface RunFilesApi {
  /** A run that has ended, with all that is needed to bring it back. */
  write(id: RunId): AsyncIterable<Uint8Array>
  /** Brings a run back from what `write` has given. */
  read(file: AsyncIterable<Uint8Array>): Promise<Run>
}

/** Sends a request to the server; rejects with an AppError. */
type Send = (path: string, init?: RequestInit) => Promise<Response>

export function createRunFilesApi(send: Send): RunFilesApi {
  return {
    write: async function* (id) {
      const { body } = await send(`/api/v1/runs/${encodeURIComponent(id)}/file`)
      if (body === null) return
      const reader = body.getReader()
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value
    },
    read: async (file) => asRun(await (await send(importPath, streamed(file))).json()),
  }
}

/** `read` for a browser, which sends a file by itself. */
export async function importBlob(send: Send, body: Blob, signal: AbortSignal): Promise<Run> {
  const answer = await send(importPath, { method: 'POST', headers, body, signal })
  return asRun(await answer.json())
}

const importPath = '/api/v1/runs/import'
const headers = { 'content-type': 'application/x-ndjson' }

/** Sent while it is read, so that no file is too large for the memory. */
function streamed(file: AsyncIterable<Uint8Array>): RequestInit {
  const pieces = file[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await pieces.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => void (await pieces.return?.()),
  })
  return Object.assign({ method: 'POST', headers, body }, { duplex: 'half' })
}
