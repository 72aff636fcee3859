import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { ChannelOutput } from './channel-output.ts'

test('both channels come in the order of arrival, and the end only after both have ended', async () => {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const output = new ChannelOutput(out, err)
  out.write('a')
  expect(await output.next()).toEqual({ channel: 'out', bytes: Buffer.from('a') })
  err.end('b')
  expect(await output.next()).toEqual({ channel: 'err', bytes: Buffer.from('b') })
  const last = output.next()
  out.end('c')
  expect(await last).toEqual({ channel: 'out', bytes: Buffer.from('c') })
  expect(await output.next()).toBe(null)
})

test('what is not read is held in a bounded buffer, and arrives whole', async () => {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const output = new ChannelOutput(out, err)
  const piece = Buffer.alloc(64 * 1024)
  let sent = 0
  while (out.write(piece) || !out.isPaused()) {
    sent += piece.length
    await new Promise(setImmediate)
  }
  sent += piece.length
  expect(sent).toBeLessThan(1024 * 1024)
  expect(err.isPaused()).toBe(true)
  out.end()
  err.end()
  let seen = 0
  for (let next = await output.next(); next !== null; next = await output.next()) {
    seen += next.bytes.length
  }
  expect(seen).toBe(sent)
})

test('letting go ends the sequence', async () => {
  const output = new ChannelOutput(new PassThrough(), new PassThrough())
  const next = output.next()
  output.destroy()
  expect(await next).toBe(null)
})
