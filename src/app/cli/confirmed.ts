/** Asks a person for what has to be confirmed, once whoever does it has said so. */
import { AppError } from '../../shared/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandLine, FlagSpec } from './command-line.ts'
import { onStopSignal } from './context.ts'
import { openTerminal } from './terminal.ts'
import { terminalText } from './terminal-text.ts'

export const confirmFlags: Readonly<Record<string, FlagSpec>> = {
  yes: {
    value: null,
    help: 'do not ask before a saved command or a group that wants to be confirmed',
  },
}

/** Fields of the request. */
interface Confirmation {
  readonly confirm?: true
}

/** Rejects with a UsageError when nobody can be asked, or somebody has said no. */
export async function confirmed<T>(
  line: CommandLine,
  act: (fields: Confirmation) => Promise<T>,
): Promise<T> {
  if (line.has('yes')) return act({ confirm: true })
  try {
    return await act({})
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'confirmation-needed') throw thrown
    await agree(thrown.message)
  }
  return act({ confirm: true })
}

async function agree(question: string): Promise<void> {
  const terminal = openTerminal()
  if (terminal === null) {
    const why = `${question} There is no terminal to ask on.`
    throw new UsageError(terminalText(why), 'Say --yes when it is meant.')
  }
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  try {
    const prompt = `${terminalText(question)} Type yes to go on: `
    const typed = await terminal.ask(prompt, { echo: true, signal: leave.signal })
    if (typed !== null && /^y(?:es)?$/i.test(typed.trim())) return
  } finally {
    terminal.close()
  }
  throw new UsageError('Nothing was done.', 'Answer "yes" when it is meant.')
}
