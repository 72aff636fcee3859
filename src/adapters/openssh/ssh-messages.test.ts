import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as ssh from './ssh-messages.ts'

test('messages are written as RFC 4254 has them, behind length and padding of the control socket', () => {
  const room = { windowBytes: 1_048_576, packetBytesMax: 32_768 }
  expect(ssh.sessionOpen(7, room).toString('hex')).toBe(
    `00000019005a00000007${hex('session')}000000070010000000008000`,
  )
  expect(ssh.execRequest(3, 'ls').toString('hex')).toBe(
    `0000001500620000000300000004${hex('exec')}0100000002${hex('ls')}`,
  )
  expect(ssh.envRequest(3, 'A', 'b').toString('hex')).toBe(
    `0000001800620000000300000003${hex('env')}00000000 0141 0000000162`.replaceAll(' ', ''),
  )
  expect(ssh.data(9, Buffer.from('hi')).toString('hex')).toBe('0000000c005e00000009000000026869')
  expect(ssh.windowAdjust(9, 256).toString('hex')).toBe('0000000a005d0000000900000100')
  expect([ssh.eof(1), ssh.close(1), ssh.requestFailure(1)].map((each) => each[5])).toEqual([
    96, 97, 100,
  ])
})

test('what a host says is read field by field', () => {
  expect(read('005b 00000007 00000002 00200000 00008000')).toEqual({
    kind: 'open-confirmation',
    recipient: 7,
    sender: 2,
    windowBytes: 2_097_152,
    packetBytesMax: 32_768,
  })
  expect(read(`005c 00000007 00000004 00000002 ${hex('no')} 00000000`)).toEqual({
    kind: 'open-failure',
    recipient: 7,
    reason: 'no',
  })
  expect(read('005c 00000007 00000004 00000000 00000000')).toMatchObject({ reason: 'reason 4' })
  expect(read(`0062 00000007 0000000b ${hex('exit-status')} 00 00000103`)).toMatchObject({
    request: { type: 'exit-status', wantsReply: false, status: 259 },
  })
  expect(read(`0062 00000007 00000004 ${hex('ping')} 01`)).toMatchObject({
    request: { type: 'ping', wantsReply: true, status: null },
  })
  expect(read(`005f 00000007 00000001 00000002 ${hex('no')}`)).toMatchObject({
    kind: 'extended-data',
    code: 1,
    bytes: Buffer.from('no'),
  })
})

test('whatever bytes a host sends, they are a message, nothing, or refused as out of range', () => {
  const types = fc.integer({ min: 88, max: 102 })
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 40 }), (type, rest) => {
      try {
        const message = ssh.readMessage(Buffer.from([0, type, ...rest]))
        expect(message === null || message.recipient >= 0).toBe(true)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(RangeError)
      }
    }),
  )
})

function read(text: string): ssh.HostMessage | null {
  return ssh.readMessage(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}
