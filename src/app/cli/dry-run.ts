/** `--dry-run`: what a target names, before anything runs there. */
import type { FarglassApi } from '../../client/api.ts'
import type { CommandLine, FlagSpec } from './command-line.ts'
import type { CliContext } from './context.ts'
import { previewOf } from './hosts.ts'
import { previewText } from './hosts-text.ts'

export const targetFlags: Readonly<Record<string, FlagSpec>> = {
  'dry-run': { value: null, help: 'start nothing: say which hosts TARGET names, and how many' },
}

export interface DryRun {
  readonly line: CommandLine
  readonly api: FarglassApi
  readonly context: CliContext
}

/** Prints what the target names. Rejects with `bad-target`. */
export async function dryRun(target: string, { line, api, context }: DryRun): Promise<void> {
  const preview = await previewOf(api, target)
  const text = line.has('json') ? `${JSON.stringify(preview)}\n` : previewText(preview)
  await context.output.write('out', text)
}
