import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../shared/limits.ts'
import { SessionChannel, type SessionRequest } from './session-channel.ts'
import { type HostMessage, readMessage } from './ssh-messages.ts'

const command: SessionRequest = { command: 'sh', terminal: null, environment: new Map() }
const terminal: SessionRequest = {
  ...command,
  terminal: 'xterm',
  environment: new Map([['A', 'b']]),
}

describe('a session', () => {
  test('asks for nothing before it is open, then for terminal, variables and command at once', () => {
    const { session, sent } = start(terminal)
    session.write(Buffer.from('early'))
    expect(sent()).toEqual(['open'])
    session.receive(confirmation())
    expect(sent()).toEqual(['request pty-req', 'request env', 'request exec', 'data early'])
  })

  test('sends no more than the host has room for, and the end of input last', () => {
    const { session, sent } = start(command)
    session.receive(confirmation({ windowBytes: 4, packetBytesMax: 3 }))
    sent()
    session.write(Buffer.from('abcdefgh'))
    session.end()
    session.write(Buffer.from('too late'))
    expect(sent()).toEqual(['data abc', 'data d'])
    session.receive({ kind: 'window-adjust', recipient: 0, bytes: 100 })
    expect(sent()).toEqual(['data efg', 'data h', 'eof'])
  })

  test('answers every sign of life that the host asks for, as an sshd ends who is silent', () => {
    const { session, sent } = start(command)
    session.receive(confirmation())
    sent()
    session.receive(requestOf('keepalive@openssh.com', true))
    session.receive(requestOf('exit-signal', false))
    expect(sent()).toEqual(['failure'])
  })

  test('tells the exit code in the bits that one has, and null after a signal', async () => {
    for (const [status, told] of [
      [7, 7],
      [255, 255],
      [259, 3],
      [null, null],
    ] as const) {
      const { session, sent } = start(command)
      session.receive(confirmation())
      const type = status === null ? 'exit-signal' : 'exit-status'
      session.receive(requestOf(type, false, status))
      sent()
      session.receive({ kind: 'close', recipient: 0 })
      expect(sent()).toEqual(['close'])
      expect(await session.ended).toEqual({ kind: 'closed', status: told })
    }
  })

  test('that is given up before it is open is closed as soon as it is, and runs nothing', async () => {
    const { session, sent } = start(command)
    session.drop()
    expect(await session.next()).toBeNull()
    expect(sent()).toEqual(['open'])
    session.receive(confirmation())
    session.end()
    session.write(Buffer.from('x'))
    expect(sent()).toEqual(['close'])
    session.receive({ kind: 'close', recipient: 0 })
    expect(sent()).toEqual([])
  })

  test('that is not opened, or lost before, has run nothing; lost later it may have', async () => {
    const refused = start(command).session
    refused.receive({ kind: 'open-failure', recipient: 0, reason: 'full' })
    expect(await refused.ended).toEqual({ kind: 'refused', reason: 'full' })
    const untaken = start(command)
    untaken.session.receive(confirmation())
    untaken.sent()
    untaken.session.receive({ kind: 'eof', recipient: 0 })
    untaken.session.receive({ kind: 'close', recipient: 0 })
    expect(untaken.sent()).toEqual(['eof', 'close'])
    expect(await untaken.session.ended).toMatchObject({ kind: 'refused' })
    const early = start(command).session
    early.lose()
    expect(await early.ended).toEqual({ kind: 'lost', isOpened: false })
    const late = start(command).session
    late.receive(confirmation())
    late.lose()
    late.receive({ kind: 'close', recipient: 0 })
    expect(await late.ended).toEqual({ kind: 'lost', isOpened: true })
  })

  test('ends its input when the host has no more output, as nothing else tells the wrapper', () => {
    const { session, sent } = start(command)
    session.receive(confirmation())
    session.receive({ kind: 'success', recipient: 0 })
    sent()
    session.receive({ kind: 'eof', recipient: 0 })
    expect(sent()).toEqual(['eof'])
  })

  test('without a command is closed with a word, without a terminal goes on with one', async () => {
    const { session, sent } = start(terminal)
    session.receive(confirmation())
    sent()
    session.receive({ kind: 'failure', recipient: 0 })
    expect(sent()).toEqual([])
    session.receive({ kind: 'failure', recipient: 0 })
    expect(sent()).toEqual(['close'])
    const words = [await session.next(), await session.next()].map((piece) => String(piece?.bytes))
    expect(words).toEqual([
      'The host gives no terminal in this session.\n',
      'The host gives no command in this session.\n',
    ])
  })

  test('of a host that sends more than it may is not read on', () => {
    const { session } = start(command)
    session.receive(confirmation())
    const bytes = Buffer.alloc(limits.sessionWindowBytes)
    session.receive({ kind: 'data', recipient: 0, bytes })
    expect(() => session.receive({ kind: 'data', recipient: 0, bytes: Buffer.of(1) })).toThrow(
      'more than it may',
    )
  })

  test('gives all bytes of both channels in order, and the host never waits for room for ever', async () => {
    const pieces = fc.array(
      fc.tuple(fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 32_768 })),
      {
        minLength: 1,
        maxLength: 200,
      },
    )
    await fc.assert(
      fc.asyncProperty(pieces, fc.infiniteStream(fc.nat(3)), async (all, reads) => {
        const { session, packets } = start(command)
        session.receive(confirmation())
        let room: number = limits.sessionWindowBytes
        const given: string[] = []
        const taken: string[] = []
        const read = async () => {
          const piece = await session.next()
          if (piece !== null) taken.push(`${piece.channel} ${piece.bytes.length}`)
        }
        for (const [code, size] of all) {
          for (const packet of packets()) room += adjustmentOf(packet)
          while (room < size) {
            await read()
            for (const packet of packets()) room += adjustmentOf(packet)
          }
          room -= size
          const bytes = Buffer.alloc(size)
          session.receive(
            code === 0
              ? { kind: 'data', recipient: 0, bytes }
              : { kind: 'extended-data', recipient: 0, code, bytes },
          )
          if (code < 2) given.push(`${code === 0 ? 'out' : 'err'} ${size}`)
          const wanted = reads.next().value ?? 0
          for (let n = 0; n < wanted && taken.length < given.length; n++) await read()
        }
        session.receive({ kind: 'close', recipient: 0 })
        while (taken.length < given.length) await read()
        expect(await session.next()).toBeNull()
        expect(taken).toEqual(given)
      }),
      { numRuns: 50 },
    )
  })
})

function start(request: SessionRequest) {
  const raw: Buffer[] = []
  const session = new SessionChannel(0, request, (packet) => raw.push(packet))
  /** What was sent since the last call, message by message. */
  const packets = () => raw.splice(0).flatMap((each) => [...cut(each)])
  return { session, packets, sent: () => packets().map(nameOf) }
}

function* cut(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    yield bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))
  }
}

function nameOf(packet: Buffer): string {
  if (packet[1] === 90) return 'open'
  const message = readMessage(packet)
  if (message?.kind === 'data') return `data ${String(message.bytes)}`
  return message?.kind === 'request' ? `request ${message.request.type}` : String(message?.kind)
}

function adjustmentOf(packet: Buffer): number {
  const message = readMessage(packet)
  return message?.kind === 'window-adjust' ? message.bytes : 0
}

function confirmation(room: { windowBytes?: number; packetBytesMax?: number } = {}): HostMessage {
  const all = { windowBytes: 2_097_152, packetBytesMax: 32_768, ...room }
  return { kind: 'open-confirmation', recipient: 0, sender: 5, ...all }
}

function requestOf(type: string, wantsReply: boolean, status: number | null = null): HostMessage {
  return { kind: 'request', recipient: 0, request: { type, wantsReply, status } }
}
