/** How far long work is: one line on a terminal that is written over, and nothing elsewhere. */
import type { Output } from './output.ts'

export interface Progress extends AsyncDisposable {
  /** Shows the text in the place of the one before, at most a few times a second: of those between the last one. */
  show(text: string): Promise<void>
  /** Takes the line away, before something else is printed. */
  clear(): Promise<void>
}

/** `nowMs` rises as the time does. Its end takes the line away. */
export function createProgress(
  output: Pick<Output, 'isTerminal' | 'columns' | 'write'>,
  nowMs: () => number = () => performance.now(),
): Progress {
  const isShown = output.isTerminal('err')
  let nextMs = nowMs() + everyMs
  let stands = false
  let later: NodeJS.Timeout | undefined
  const forgetLater = () => {
    clearTimeout(later)
    later = undefined
  }
  const write = async (text: string) => {
    nextMs = nowMs() + everyMs
    stands = true
    // A line that wraps could not be written over.
    await output.write('err', `${lineStart}${text.slice(0, output.columns - 1)}`)
  }
  const clear = async () => {
    forgetLater()
    if (!stands) return
    stands = false
    await output.write('err', lineStart)
  }
  return {
    show: async (text) => {
      if (!isShown) return
      forgetLater()
      const waitMs = nextMs - nowMs()
      if (waitMs <= 0) await write(text)
      else later = setTimeout(() => void write(text), waitMs)
    },
    clear,
    [Symbol.asyncDispose]: clear,
  }
}

/** The parts as they are, told by their size: "exporting: 12.3 MB". */
export async function* counted<T extends Uint8Array | string>(
  parts: AsyncIterable<T>,
  progress: Progress,
  what: string,
): AsyncGenerator<T> {
  let bytes = 0
  for await (const part of parts) {
    yield part
    bytes += part.length
    await progress.show(`${what}: ${(bytes / 1e6).toFixed(1)} MB`)
  }
}

/** Work that ends sooner shows nothing. */
const everyMs = 200
const lineStart = '\r\u001b[K'
