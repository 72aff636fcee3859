/** Answers our askpass program over a Unix socket in a directory that only this user can enter. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { randomName } from './random-name.ts'

export interface AskpassServer extends AsyncDisposable {
  readonly socketPath: string
  /** Lets whoever knows the nonce ask, until it is taken back. */
  admit(answer: AnswerPrompt): { readonly nonce: string; revoke(): void }
}

/** Resolves with the answer, or with null for none. The signal aborts when the asker has gone. */
export type AnswerPrompt = (asked: AskedPrompt, signal: AbortSignal) => Promise<string | null>

export interface AskedPrompt {
  readonly prompt: string
  readonly hint: string
  /** Process id of the ssh that asks. */
  readonly parent: number
}

export async function startAskpassServer(directory: string): Promise<AskpassServer> {
  const socketPath = join(directory, 'ask')
  const admitted = new Map<string, AnswerPrompt>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, admitted)
  })
  server.listen(socketPath)
  await once(server, 'listening')
  return {
    socketPath,
    admit(answer) {
      const nonce = randomName()
      admitted.set(nonce, answer)
      return { nonce, revoke: () => admitted.delete(nonce) }
    },
    [Symbol.asyncDispose]: () => close(server, sockets),
  }
}

/** A prompt is short; more than this is not our program. */
const requestBytesMax = 64 * 1024

async function serve(socket: Socket, admitted: ReadonlyMap<string, AnswerPrompt>): Promise<void> {
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  // The other end may die at any time; its close is all that matters.
  socket.on('error', () => undefined)
  try {
    const asked = parse(await firstLine(socket))
    const answer = asked === null ? undefined : admitted.get(asked.nonce)
    if (asked === null || answer === undefined) return
    const text = await answer(asked, gone.signal)
    if (text !== null) socket.end(`${text}\n`)
  } catch {
    // No answer: ssh takes it as a refusal, and the login says why it ended.
  } finally {
    socket.end()
  }
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.once('close', () => reject(new Error('closed')))
    socket.on('data', (more: string) => {
      text += more
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > requestBytesMax) socket.destroy()
    })
  })
}

function parse(line: string): (AskedPrompt & { nonce: string }) | null {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null) return null
  if (!('nonce' in value && 'prompt' in value && 'hint' in value && 'parent' in value)) return null
  const { nonce, prompt, hint, parent } = value
  if (typeof nonce !== 'string' || typeof prompt !== 'string') return null
  if (typeof hint !== 'string' || typeof parent !== 'number') return null
  return { nonce, prompt, hint, parent }
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}
