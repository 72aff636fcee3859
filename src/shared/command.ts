/** What a command must be, the same for the page, the command line, the API and the engine. */
import { limits } from './limits.ts'

/** The end of a sentence about what is wrong with it, or undefined. */
export function commandComplaint(command: string): string | undefined {
  if (command.trim() === '') return 'is empty'
  if (command.includes('\0')) return 'holds a NUL'
  // It would reach the host as another text.
  if (/\p{Surrogate}/u.test(command)) return 'holds half of a surrogate pair, which is no character'
  const bytes = new TextEncoder().encode(command).length
  return bytes > limits.commandBytesMax
    ? `is longer than ${limits.commandBytesMax} bytes`
    : undefined
}
