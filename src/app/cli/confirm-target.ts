/** Before a run: what its target names (`--dry-run`), and the question that some groups want asked. */
import type { FarglassApi } from '../../client/api.ts'
import { displayText } from '../../shared/display.ts'
import type { TargetPreview } from '../../shared/protocol/hosts.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandLine, FlagSpec } from './command-line.ts'
import { type CliContext, onStopSignal } from './context.ts'
import { previewOf } from './hosts.ts'
import { countText, previewText } from './hosts-text.ts'
import { openTerminal } from './terminal.ts'

export const targetFlags: Readonly<Record<string, FlagSpec>> = {
  'dry-run': { value: null, help: 'start nothing: say which hosts TARGET names, and how many' },
}

export interface Confirming {
  readonly line: CommandLine
  readonly api: FarglassApi
  readonly context: CliContext
}

/** Prints what the target names. Rejects with `bad-target`. */
export async function dryRun(target: string, { line, api, context }: Confirming): Promise<void> {
  const preview = await previewOf(api, target)
  const text = line.has('json') ? `${JSON.stringify(preview)}\n` : previewText(preview)
  await context.output.write('out', text)
}

/** False when a person has said no. Rejects when nobody can be asked. */
export async function mayStart(
  target: string,
  { line, api, context }: Confirming,
): Promise<boolean> {
  if (line.has('yes')) return true
  const preview = await previewOf(api, target)
  if (preview.confirm.length === 0) return true
  const isAgreed = await ask(preview)
  if (!isAgreed) await context.say('nothing was started.')
  return isAgreed
}

async function ask({ count, folded, confirm }: TargetPreview): Promise<boolean> {
  const groups = confirm.map((name) => `@${name}`).join(', ')
  const terminal = openTerminal()
  if (terminal === null) {
    throw new UsageError(
      `${groups} wants a person to agree before something runs there, and there is no terminal to ask at.`,
      'Give --yes if it is meant.',
    )
  }
  const leave = new AbortController()
  using _interrupt = onStopSignal(() => leave.abort())
  try {
    const prompt = `Run on ${countText(count)} of ${groups}: ${displayText(folded)}? Type yes: `
    const typed = await terminal.ask(prompt, { echo: true, signal: leave.signal })
    return typed?.trim().toLowerCase() === 'yes'
  } finally {
    terminal.close()
  }
}
