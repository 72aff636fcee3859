/** Lines of a text that comes in pieces, each of a length that fits into the memory. */
import { AppError } from './errors.ts'
import { limits } from './limits.ts'

/** Without their newlines. Rejects with `bad-request` for one that is longer than any of ours. */
export async function* linesIn(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const piece of pieces) {
    const lines = `${rest}${decode(decoder, piece)}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > limits.eventCharsMax) throw new AppError('bad-request', 'is too long')
    yield* lines
  }
  if (rest !== '') yield rest
}

function decode(decoder: TextDecoder, piece: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: true })
  } catch {
    throw new AppError('bad-request', 'is no text in UTF-8')
  }
}
