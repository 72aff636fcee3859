/** How far long work is: one line on a terminal that is written over, and nothing elsewhere. */
import type { Output } from './output.ts'

export interface Progress extends AsyncDisposable {
  /** Shows the text in the place of the one before; at most a few times a second, else it is left out. */
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
  const clear = async () => {
    if (!stands) return
    stands = false
    await output.write('err', lineStart)
  }
  return {
    show: async (text) => {
      if (!isShown || nowMs() < nextMs) return
      nextMs = nowMs() + everyMs
      stands = true
      // A line that wraps could not be written over.
      await output.write('err', `${lineStart}${text.slice(0, output.columns - 1)}`)
    },
    clear,
    [Symbol.asyncDispose]: clear,
  }
}

/** Work that ends sooner shows nothing. */
const everyMs = 200
const lineStart = '\r\u001b[K'
