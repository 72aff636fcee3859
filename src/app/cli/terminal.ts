/** The person at the terminal of this process, whatever standard input and output are tied to. */
import { closeSync, openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'

export interface Terminal {
  say(text: string): void
  /** A line that the person types, or null when the person cancels (Ctrl-C, Ctrl-D) or the signal aborts. */
  ask(prompt: string, options: AskOptions): Promise<string | null>
  close(): void
}

export interface AskOptions {
  /** False for secrets: nothing is shown while they are typed. */
  readonly echo: boolean
  readonly signal: AbortSignal
}

/** The controlling terminal, or null when there is none (cron, a service, a pipe over ssh). */
export function openTerminal(): Terminal | null {
  let input: number
  let output: number
  try {
    input = openSync('/dev/tty', 'r')
  } catch {
    return null
  }
  try {
    output = openSync('/dev/tty', 'w')
  } catch {
    closeSync(input)
    return null
  }
  const reader = new ReadStream(input)
  const writer = new WriteStream(output)
  reader.pause()
  return {
    say: (text) => {
      writer.write(text)
    },
    ask: async (prompt, options) => {
      // First: what is typed on seeing the prompt must not be shown by the terminal itself.
      const typing = readTyped(reader, writer, options)
      writer.write(prompt)
      const typed = await typing
      writer.write('\n')
      return typed
    },
    close: () => {
      reader.destroy()
      writer.destroy()
    },
  }
}

/** Raw mode, because the line mode of the terminal would show what is typed. */
function readTyped(
  reader: ReadStream,
  writer: WriteStream,
  { echo, signal }: AskOptions,
): Promise<string | null> {
  return new Promise((resolve) => {
    let typed: readonly string[] = []
    const finish = (answer: string | null) => {
      reader.off('data', take)
      signal.removeEventListener('abort', cancel)
      reader.setRawMode(false)
      reader.pause()
      resolve(answer)
    }
    const cancel = () => finish(null)
    const take = (bytes: Buffer) => {
      for (const key of bytes.toString('utf8')) {
        const step = pressKey(typed, key)
        // In raw mode the terminal makes no signal of it.
        if (key === '\x03') process.kill(process.pid, 'SIGINT')
        if (step.kind === 'done') return finish(step.text)
        if (echo) writer.write(step.shown)
        typed = step.typed
      }
    }
    if (signal.aborted) return resolve(null)
    reader.setRawMode(true)
    reader.on('data', take)
    signal.addEventListener('abort', cancel)
    reader.resume()
  })
}

type KeyStep =
  | { readonly kind: 'done'; readonly text: string | null }
  | { readonly kind: 'more'; readonly typed: readonly string[]; readonly shown: string }

/** What a key does to what was typed before it. */
export function pressKey(typed: readonly string[], key: string): KeyStep {
  if (key === '\r' || key === '\n') return { kind: 'done', text: typed.join('') }
  if (key === '\x03' || key === '\x04') return { kind: 'done', text: null }
  if (key === '\x7f' || key === '\b') {
    const shown = typed.length === 0 ? '' : '\b \b'
    return { kind: 'more', typed: typed.slice(0, -1), shown }
  }
  if (key === '\x15') return { kind: 'more', typed: [], shown: '\b \b'.repeat(typed.length) }
  if (key < ' ') return { kind: 'more', typed, shown: '' }
  return { kind: 'more', typed: [...typed, key], shown: key }
}
