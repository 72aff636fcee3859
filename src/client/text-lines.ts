/** Lines of an answer, each given as soon as it is there. */
import { AppError } from '../shared/errors.ts'
import { limits } from '../shared/limits.ts'

/** What comes after the last newline is no line. Rejects with `bad-response` for one without end. */
export async function* linesOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > limits.eventCharsMax)
        throw new AppError('bad-response', 'A line of the answer has no end.')
      yield* lines
    }
  } finally {
    await reader.cancel()
  }
}
