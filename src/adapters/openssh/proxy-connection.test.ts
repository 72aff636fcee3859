import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openProxyConnection } from './proxy-connection.ts'

const never = new AbortController().signal
const hello = words(1, 4)
const agreed = words(0x8000000f, 0)

test('a control socket that speaks another version, has no proxy mode, or closes is refused with the reason', async () => {
  const cases = [
    [(ssh: Socket) => ssh.write(words(1, 5)), 'ssh speaks version 5 on its control socket.'],
    [(ssh: Socket) => ssh.write(Buffer.concat([hello, words(0x80000003, 0)])), 'no proxy mode'],
    [(ssh: Socket) => ssh.end(), 'ssh has closed its control socket.'],
    [(ssh: Socket) => ssh.write(Buffer.alloc(8, 0xff)), 'larger than any should be'],
  ] as const
  for (const [answer, reason] of cases) {
    await using socket = await listen(answer)
    await expect(openProxyConnection(socket.path, never)).rejects.toThrow(reason)
  }
  await expect(openProxyConnection('/nowhere/at/all', never)).rejects.toThrow('ENOENT')
})

test('who gives up while ssh says nothing does not wait', async () => {
  await using socket = await listen(() => undefined)
  const giveUp = new AbortController()
  const opening = openProxyConnection(socket.path, giveUp.signal)
  giveUp.abort(new Error('enough'))
  await expect(opening).rejects.toThrow('enough')
})

test('a host that breaks the protocol loses the connection and every session of it, with the reason', async () => {
  await using socket = await listen((ssh) => {
    ssh.write(Buffer.concat([hello, agreed]))
    ssh.on('data', (bytes) => {
      // The first words of a session: data for one that is not open.
      if (bytes.includes('session')) ssh.write(words(0x005e0000, 0x0000ffff))
    })
  })
  const connection = await openProxyConnection(socket.path, never)
  const request = { command: 'true', terminal: null, environment: new Map() }
  const sessions = [connection.open(request), connection.open(request)]
  expect((await connection.ended).message).not.toContain('closed its control socket')
  for (const session of sessions) {
    expect(await session.ended).toEqual({ kind: 'lost', isOpened: false })
    expect(await session.next()).toBeNull()
  }
  expect(connection.isOpen).toBe(false)
  expect(await connection.open(request).ended).toEqual({ kind: 'lost', isOpened: false })
})

interface ControlSocket extends AsyncDisposable {
  readonly path: string
}

/** A control socket that answers so whoever comes. */
async function listen(answer: (ssh: Socket) => void): Promise<ControlSocket> {
  const directory = await mkdtemp(join(tmpdir(), 'fgp-'))
  const path = join(directory, 's')
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    path,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function words(...values: readonly number[]): Buffer {
  const packet = Buffer.alloc(4 * (values.length + 1))
  packet.writeUInt32BE(4 * values.length)
  for (const [at, value] of values.entries()) packet.writeUInt32BE(value, 4 * (at + 1))
  return packet
}
