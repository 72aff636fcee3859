/** What a command must be. */
import { expect, test } from 'vitest'
import { commandComplaint } from './command.ts'
import { limits } from './limits.ts'

test.each([
  ['', 'is empty'],
  [' \n\t', 'is empty'],
  ['a\0b', 'holds a NUL'],
  ['echo \uD83C', 'holds half of a surrogate pair, which is no character'],
  ['x'.repeat(limits.commandBytesMax + 1), `is longer than ${limits.commandBytesMax} bytes`],
  ['é'.repeat(limits.commandBytesMax / 2 + 1), `is longer than ${limits.commandBytesMax} bytes`],
  ['x'.repeat(limits.commandBytesMax), undefined],
  ['echo 🎉 \u0001\r\n', undefined],
])('%j %s', (command, complaint) => {
  expect(commandComplaint(command)).toBe(complaint)
})
