import { expect, test } from 'vitest'
import { TtyReady, ttyCommand, ttyScript } from './tty-start.ts'

test('the ready mark is found however the bytes are cut, and what is around it is kept', () => {
  const all = Buffer.from('Welcome\r\n\u001efarglass-tty\nafter')
  for (let cut = 0; cut <= all.length; cut++) {
    const ready = new TtyReady()
    const found = ready.push(all.subarray(0, cut)) ?? ready.push(all.subarray(cut))
    expect(found?.mark, `cut at ${cut}`).toBe(true)
    const rest = Buffer.from(found?.rest ?? []).toString()
    expect('Welcome\r\nafter'.startsWith(rest)).toBe(true)
  }
})

test('a shell that talks without end is let through at the limit', () => {
  const ready = new TtyReady()
  expect(ready.push(new Uint8Array(64 * 1024))).toBe(null)
  const found = ready.push(new Uint8Array(1))
  expect(found).toMatchObject({ mark: false })
  expect(found?.rest.length).toBe(64 * 1024 + 1)
})

test('the command is one line that fish and csh quote like sh', () => {
  const [, inner] = /^exec sh -c '([^']*)'$/.exec(ttyCommand) ?? []
  expect(inner).toBeDefined()
  expect(ttyCommand).not.toMatch(/[!\n]/)
})

test('the length of a script is told in bytes', () => {
  expect(ttyScript('é\n')).toBe('3       é\n')
})
